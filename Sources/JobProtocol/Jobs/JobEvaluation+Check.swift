import ClusterProtocol
import Training

extension JobEvaluation {
    func check() throws(DocumentProblem) {
        try Check.count(rows, "evaluation.rows")
        try Check.count(wrong, "evaluation.wrong")
        try Check.length(classes.count, "evaluation.classes", atMost: Self.classLimit)
        for name in classes { try Check.text(name, "evaluation.classes", atMost: Self.classBytes) }
        if let confusion {
            for (place, counts) in confusion.enumerated() {
                guard confusion.count == classes.count, counts.count == classes.count else {
                    throw DocumentProblem(
                        field: "evaluation.confusion[\(place)]",
                        expected: "counts of \(classes.count) classes by as many", got: "\(counts.count)")
                }
                for count in counts { try Check.count(count, "evaluation.confusion[\(place)]") }
            }
        }
        try Check.length(worst.count, "evaluation.worst", atMost: Self.sampleLimit)
        for (place, sample) in worst.enumerated() { try sample.check("evaluation.worst[\(place)]") }
        try Check.length(machines.count, "evaluation.machines", atMost: Check.ranks)
        for (place, machine) in machines.enumerated() { try machine.check("evaluation.machines[\(place)]") }
    }
}

extension JobEvaluation.Machine {
    /// Bytes of what a machine says of itself.
    private static let longestText = 4 << 10

    fileprivate func check(_ field: String) throws(DocumentProblem) {
        try Check.text(worker, "\(field).worker")
        for (name, text) in [("host", host), ("processor", processor), ("system", system), ("version", version)] {
            try Check.text(text, "\(field).\(name)", atMost: Self.longestText)
        }
        try Check.count(cores, "\(field).cores")
    }
}

extension WorstSample {
    /// Columns of a row that are shown, bytes of what stands in one of them, and of all labels.
    private static let mostColumns = 1 << 12
    private static let longestCell = 64 << 10
    private static let longestLabel = 1 << 20

    fileprivate func check(_ field: String) throws(DocumentProblem) {
        try Check.text(label, "\(field).label", atMost: Self.longestLabel)
        try Check.text(prediction, "\(field).prediction", atMost: Self.longestLabel)
        switch content {
        case .picture(let channels, let height, let width, let pixels):
            for (name, side) in [("channels", channels), ("height", height), ("width", width)] {
                try Check.count(side, "\(field).\(name)", in: 0...1 << 16)
            }
            guard channels * height * width == pixels.count else {
                throw DocumentProblem(
                    field: "\(field).pixels", expected: "\(channels) x \(height) x \(width) bytes",
                    got: "\(pixels.count)")
            }
        case .values(let names, let values):
            try Check.length(names.count, "\(field).names", atMost: Self.mostColumns)
            for text in names + values { try Check.text(text, "\(field).values", atMost: Self.longestCell) }
            guard names.count == values.count else {
                throw DocumentProblem(
                    field: "\(field).values", expected: "one for each of \(names.count) names", got: "\(values.count)")
            }
        }
    }
}

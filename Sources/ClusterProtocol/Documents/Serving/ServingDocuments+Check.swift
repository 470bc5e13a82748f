import Checkpoints

extension LoadReplica: CheckedDocument {
    package func check() throws(DocumentProblem) {
        try Check.text(model, "model")
        try Check.count(version, "version", in: 1...Check.largestCount)
    }
}

extension UnloadReplica: CheckedDocument {
    package func check() throws(DocumentProblem) {
        try Check.text(model, "model")
        try Check.count(version, "version", in: 1...Check.largestCount)
    }
}

extension ReplicaReport: CheckedDocument {
    package func check() throws(DocumentProblem) {
        try Check.text(model, "model")
        try Check.count(version, "version", in: 1...Check.largestCount)
    }
}

extension RoutingTable: CheckedDocument {
    package func check() throws(DocumentProblem) {
        try source?.check("source")
        for (place, route) in models.enumerated() {
            try Check.text(route.model, "models[\(place)].model")
            try Check.count(route.version, "models[\(place)].version", in: 1...Check.largestCount)
            for alias in route.aliases { try Check.text(alias, "models[\(place)].aliases") }
            try route.interface.check("models[\(place)].interface")
            for node in route.nodes {
                try Check.text(node.name, "models[\(place)].nodes.name")
                try Check.text(node.endpoint, "models[\(place)].nodes.endpoint")
            }
        }
    }
}

extension ModelInterface {
    /// Numbers of one row; -1 stands for any number of rows.
    private static let largestRow = 1 << 32

    func check(_ field: String) throws(DocumentProblem) {
        for tensor in inputs + outputs {
            let place = "\(field).\(tensor.name.prefix(64)).shape"
            try Check.length(tensor.shape.count, place, atMost: 16)
            var numbers = 1
            for size in tensor.shape {
                try Check.count(size, place, in: -1...Self.largestRow)
                let (product, overflow) = numbers.multipliedReportingOverflow(by: max(1, size))
                guard !overflow, product <= Self.largestRow else {
                    throw DocumentProblem(
                        field: place, expected: "at most \(Self.largestRow) numbers a row", got: "\(tensor.shape)")
                }
                numbers = product
            }
        }
    }
}

extension ModelStatus: CheckedDocument {
    package func check() throws(DocumentProblem) {
        try Check.text(name, "name")
        for version in versions { try version.check() }
    }
}

extension ModelStatus.Version: CheckedDocument {
    package func check() throws(DocumentProblem) {
        try Check.count(version, "version", in: 1...Check.largestCount)
        try Check.count(details.epoch, "details.epoch")
        try Check.count(details.step, "details.step")
        try details.interface.check("details.interface")
    }
}

extension RoutingPosition: CheckedDocument {
    package func check() throws(DocumentProblem) {
        try source?.check("source")
    }
}

extension StateIdentity {
    func check(_ field: String) throws(DocumentProblem) {
        try Check.text(cluster, "\(field).cluster")
        try Check.text(start, "\(field).start")
    }
}

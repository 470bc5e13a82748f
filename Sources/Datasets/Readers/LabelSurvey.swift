/// The classes of an array of labels: its different numbers, but for -1, which says that there is no label.
struct LabelSurvey {
    /// Whole numbers beyond this are not exact in every kind of array.
    private static let largest = 1e15

    private var values: Set<Double> = []
    private var defects = ProblemList()
    /// Labels that are -1.
    private(set) var unlabelled = 0

    mutating func add(_ value: Double, row: Int) {
        if value == ClassNames.noLabel {
            unlabelled += 1
        } else if !value.isFinite || abs(value) >= Self.largest {
            defects.add(
                "target of row \(row + 1): \(value.shown) is not a class: classes of an array are numbers between -1e15 and "
                    + "1e15; write larger ones as texts, in a column of a table that data.types declares as category")
        } else if values.count <= ClassSurvey.maximumClasses {
            values.insert(value)
        }
    }

    var problems: ProblemList {
        var all = defects
        if values.count > ClassSurvey.maximumClasses {
            all.add(
                key: ["model", "task"],
                "more than \(ClassSurvey.maximumClasses) different values are too many for classes: for a target of "
                    + "numbers set model.task to regression")
        }
        return all
    }

    /// The names of the classes in the order of their indices.
    var classes: [String] {
        values.sorted().map { $0 == $0.rounded() ? "\(Int($0))" : "\($0)" }
    }

    /// The index of each value's class.
    var indices: LabelIndices {
        LabelIndices(values: Dictionary(uniqueKeysWithValues: values.sorted().enumerated().map { ($1, Int32($0)) }))
    }

    var notes: [DataPlan.Note] {
        guard unlabelled > 0 else { return [] }
        return [
            DataPlan.Note(
                kind: .unlabelled, count: unlabelled,
                message: unlabelled == 1 ? "label is -1 and counts for nothing" : "labels are -1 and count for nothing")
        ]
    }
}

/// What a label of an array is to the network.
struct LabelIndices {
    fileprivate let values: [Double: Int32]

    /// The index of its class; -1 where it has none.
    subscript(label: Double) -> Int32 { values[label] ?? -1 }
}

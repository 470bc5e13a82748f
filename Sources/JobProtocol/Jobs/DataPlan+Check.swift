import ClusterProtocol
import Datasets

extension DataPlan {
    func check(slices: Int) throws(DocumentProblem) {
        for (name, rows) in [
            ("rows", rows), ("trainingRows", trainingRows), ("validationRows", validationRows), ("testRows", testRows),
        ] {
            try Check.count(rows, "plan.\(name)")
        }
        for (name, classes) in [("validationClasses", validationClasses), ("testClasses", testClasses)] {
            try Check.count(classes ?? 0, "plan.\(name)")
        }
        for (name, part, isNeeded) in [
            ("training", training, true), ("validation", validation, false), ("test", test, false),
        ] {
            guard part.count == slices || part.isEmpty && !isNeeded else {
                throw DocumentProblem(
                    field: "plan.\(name)", expected: "a shard for each of \(slices) slices", got: "\(part.count)")
            }
            for (slice, shard) in part.enumerated() {
                try Check.count(shard.bytes, "plan.\(name)[\(slice)].bytes")
                try Check.count(shard.rows, "plan.\(name)[\(slice)].rows")
            }
        }
        let trained = training.reduce(0) { $0 + $1.rows }
        guard trained == trainingRows else {
            throw DocumentProblem(
                field: "plan.trainingRows", expected: "the rows of all shards, \(trained)", got: "\(trainingRows)")
        }
    }
}

import Datasets
import Digests

extension DataPlan {
    static func example(_ name: String = "digits", slices: Int = 4) -> DataPlan {
        func shards(_ part: String) -> [Shard] {
            (0..<slices).map { Shard(digest: .fake("\(name)-\(part)-\($0)"), bytes: 100, rows: 20) }
        }
        return DataPlan(
            digest: .fake(name), rows: 100, preprocessing: .example, trainingRows: 80, validationRows: 0,
            testRows: 20, training: shards("train"), validation: [], test: shards("test"))
    }
}

extension Preprocessing {
    static var example: Preprocessing {
        Preprocessing(
            features: ["x", "y"].enumerated().map { Feature(name: $1, column: $0, kind: .number) },
            target: Target(name: "label", column: 2, kind: .classes(["a", "b", "c"])), fileColumns: 3,
            offsets: [0, 0], scales: [1, 1])
    }
}

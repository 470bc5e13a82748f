import Foundation

/// A job that is over in a moment, on data of its own.
struct TinyJob {
    let file: URL

    /// Writes the job and its data into the cluster's folder.
    init(_ name: String = "tiny", in cluster: LocalCluster) throws {
        let folder = cluster.folder.appending(path: name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        file = folder.appending(path: "job.yaml")
        try """
        name: \(name)
        model: { family: mlp, input: [2], classes: 2, hidden: [8] }
        data: { path: data.csv, format: csv, target: label, split: { train: 0.6, test: 0.4 } }
        train: { optimizer: { name: sgd, learning_rate: 0.1 }, batch_size: 8, epochs: 2, workers: 1 }
        evaluate: { metrics: [accuracy] }
        """.write(to: file, atomically: true, encoding: .utf8)
        let rows = (0..<40).map { "\($0 % 7),\($0 % 5),\($0 % 2)\n" }.joined()
        try ("a,b,label\n" + rows).write(
            to: folder.appending(path: "data.csv"), atomically: true, encoding: .utf8)
    }

    /// Asks for the class of one row.
    static let request = #"{"inputs":[{"name":"input","shape":[1,2],"datatype":"FP32","data":[1,2]}]}"#
}

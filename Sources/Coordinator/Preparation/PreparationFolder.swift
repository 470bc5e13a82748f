import ClusterProtocol
import Checkpoints
import Files
package import Foundation

/// Where one preparation works: what is asked of it, what it makes, and what became of it. Nothing in it counts until the
/// coordinator has taken it over, so it can be thrown away at any moment.
package struct PreparationFolder: Sendable {
    let url: URL

    package init(_ url: URL) {
        self.url = url
    }

    private var requestFile: URL { url.appending(path: "request.json") }
    private var resultFile: URL { url.appending(path: "result.json") }
    private var shardFolder: URL { url.appending(path: "shards") }

    /// Makes it anew, whatever was there.
    func create(_ request: PreparationRequest) throws {
        try remove()
        try Folder.make(url)
        try ClusterJSON.encoder().encode(request).write(to: requestFile)
    }

    /// Does what is asked, and writes down what became of it. Throws `PreparationFoundNoRoom`. Blocks.
    package func work() throws {
        do {
            let request = try ClusterJSON.decoder().decode(PreparationRequest.self, from: Data(contentsOf: requestFile))
            let result = try request.result(in: try ContentStore(root: shardFolder))
            try ClusterJSON.encoder().encode(result).write(to: resultFile, options: .atomic)
        } catch  where DiskSpace.isUsedUp(error) {
            throw PreparationFoundNoRoom()
        }
    }

    /// Nil where the work did not come to its end.
    func result() throws -> PreparationResult? {
        guard FileManager.default.fileExists(atPath: resultFile.path(percentEncoded: false)) else { return nil }
        return try ClusterJSON.decoder().decode(PreparationResult.self, from: Data(contentsOf: resultFile))
    }

    /// Moves everything that was made into a store on the same file system.
    func handOver(to store: ContentStore) throws {
        let made = ContentStore(openedElsewhere: shardFolder)
        for digest in try made.contents() { try store.adopt(digest, from: made) }
    }

    func remove() throws {
        guard FileManager.default.fileExists(atPath: url.path(percentEncoded: false)) else { return }
        try FileManager.default.removeItem(at: url)
    }
}

import ClusterProtocol
import Explanations
import Files
import Foundation
import Logging
import NIOPosix

/// The last routing table on disk, so that a gateway that starts while the coordinator is down knows where to send.
struct RoutingFile: Sendable {
    let url: URL

    init(in folder: URL) {
        url = folder.appending(path: "routing.json")
    }

    /// Nil where there is none, or none that can be read; the coordinator sends a new one at join.
    func load(logger: Logger) async -> RoutingTable? {
        let url = url
        do {
            return try await NIOThreadPool.singleton.runIfActive {
                guard FileManager.default.fileExists(atPath: url.path) else { return nil }
                return try JSONDecoder().decode(RoutingTable.self, from: Data(SmallFile.read(url.path, limit: 1 << 30)))
            }
        } catch {
            logger.warning(
                "the saved routing table is unreadable",
                metadata: ["file": "\(url.path)", "error": "\(error.explanation)"])
            return nil
        }
    }

    func save(_ table: RoutingTable) async throws {
        let url = url
        try await NIOThreadPool.singleton.runIfActive {
            try Folder.make(url.deletingLastPathComponent())
            try JSONEncoder().encode(table).write(to: url, options: .atomic)
        }
    }
}

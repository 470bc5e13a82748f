import Checkpoints
import Datasets
import Foundation
import Testing

@testable import Training

@Suite struct StoredShardsTests {
    /// Room on a disk of which a part is left free is less than the disk has: the message must say so.
    @Test func whatStaysFreeIsSaid() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        let room = try StoredShards(ContentStore(root: folder), place: "the coordinator").room()
        #expect(room?.place == "the disk of the coordinator, where 256 MiB stay free for checkpoints,")
    }
}

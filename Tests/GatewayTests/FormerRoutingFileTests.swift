import Checkpoints
import ClusterProtocol
import Foundation
import Logging
import Testing

@testable import Gateway

/// The table that a gateway of version 0.1.0 saved in November 2026, in `Fixtures/routing.json`.
@Suite struct FormerRoutingFileTests {
    @Test func itIsRead() async throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
        let table = try #require(await RoutingFile(in: folder).load(logger: Logger(label: "test")))
        #expect(table.epoch == 2 && table.source?.cluster == "c97ceee8-23a0-4fdd-a51f-1e20d6dbabd9")
        #expect(table.models.map(\.model) == ["diabetes", "digits"])
        #expect(table.models.allSatisfy { $0.nodes.map(\.name) == ["inference-0", "inference-1"] })
        #expect(table.models.map(\.aliases) == [["production"], ["production"]])
        #expect(table.models.last?.interface.outputs.map(\.name) == ["logits", "probabilities", "label"])
    }
}

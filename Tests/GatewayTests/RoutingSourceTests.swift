import ClusterProtocol
import Foundation
import Testing

@testable import Gateway

/// Which routing table a gateway takes over.
@Suite struct RoutingSourceTests {
    private static func table(
        _ epoch: UInt64, of start: String?, production version: Int, _ nodes: [FakeNode]
    ) -> RoutingTable {
        var table = TestGateway.table(epoch: epoch, nodes)
        table.source = start.map { StateIdentity(cluster: "c", start: $0) }
        for index in table.models.indices {
            table.models[index].aliases = table.models[index].version == version ? ["production"] : []
        }
        return table
    }

    private static func version(_ test: TestGateway) async throws -> String? {
        try await test.infer().headers["martlet-model-version"]
    }

    @Test func aTableOfARestoredStateIsTakenAlthoughItsNumberIsLower() async throws {
        try await TestGateway.with(table: { Self.table(9, of: "a", production: 2, $0) }) { test async throws in
            #expect(try await Self.version(test) == "2")
            try await test.gateway.update(Self.table(3, of: "b", production: 1, test.nodes))
            #expect(try await Self.version(test) == "1")
            #expect(test.gateway.report.position == RoutingPosition(source: .init(cluster: "c", start: "b"), epoch: 3))
            try await test.gateway.update(Self.table(4, of: "b", production: 2, test.nodes))
            #expect(try await Self.version(test) == "2")
        }
    }

    @Test func withinOneStateAnOlderTableIsNotTaken() async throws {
        try await TestGateway.with(table: { Self.table(9, of: "a", production: 2, $0) }) { test async throws in
            try await test.gateway.update(Self.table(8, of: "a", production: 1, test.nodes))
            #expect(try await Self.version(test) == "2")
        }
    }

    /// The file of the last run, also of one before tables said where they come from.
    @Test(arguments: [nil, "a"])
    func theSavedTableServesUntilAnotherStateSendsOne(_ start: String?) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "martlet-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try await TestGateway.with(
            folder: folder, table: { Self.table(9, of: start, production: 2, $0) }
        ) { test async throws in _ = try await test.infer() }
        try await TestGateway.with(folder: folder, table: nil) { test async throws in
            #expect(try await Self.version(test) == "2")
            try await test.gateway.update(Self.table(1, of: "b", production: 1, test.nodes))
            #expect(try await Self.version(test) == "1")
        }
    }
}

import Foundation
import Messaging
import Testing
import Wire

@testable import ClusterProtocol
@testable import ControlPlane
@testable import JobProtocol

/// The JSON of every document, byte for byte: see `PinnedMessage`.
@Suite struct PinnedMessageTests {
    /// Set when a document has grown: the file is written anew, and what changes in it shows what peers get to see.
    private static let isWriting = ProcessInfo.processInfo.environment["MARTLET_WRITE_PINS"] != nil

    @Test(.enabled(if: isWriting)) func writesTheFile() throws {
        try PinnedMessage.write()
    }

    @Test(.disabled(if: isWriting), arguments: PinnedMessage.all.map(\.name)) func messageHasItsJSON(name: String)
        throws
    {
        let message = try #require(PinnedMessage.all.first { $0.name == name })
        let pinned = try #require(try PinnedMessage.read()[name])
        #expect(try message.json() == pinned)
        #expect(try message.rewritten(pinned) == pinned)
    }

    @Test(arguments: MessageKind.allCases) func everyKindIsPinned(kind: MessageKind) {
        #expect(PinnedMessage.all.contains { $0.name == kind.rawValue || $0.name.hasPrefix("\(kind.rawValue), ") })
    }

    @Test(.disabled(if: isWriting)) func nothingIsPinnedThatIsNotSent() throws {
        #expect(try Set(PinnedMessage.read().keys) == Set(PinnedMessage.all.map(\.name)))
    }

    /// The file of a gateway, and the line to a rank, are read and written without the rules for dates and losses.
    @Test(.disabled(if: isWriting)) func whatPlainJSONReadsIsTheSame() throws {
        let pins = try PinnedMessage.read()
        func read<Value: Decodable>(_ name: String) throws -> Value {
            try JSONDecoder().decode(Value.self, from: Data(try #require(pins[name]).utf8))
        }
        let table: RoutingTable = try read("routing")
        #expect(table == RoutingTable(epoch: 3, source: .pinned, models: RoutingTable.example.models))
        let roster: LaunchRoster = try read("roster")
        #expect(roster.ranks == [LaunchRoster.Rank(node: "worker-0", address: .pinned)])
        let ready: RankReady = try read("rank-ready")
        #expect(ready.address == .pinned)
    }
}

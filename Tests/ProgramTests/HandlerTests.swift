import Testing
import Wire

@testable import ClusterProtocol
@testable import JobProtocol
@testable import Coordinator
@testable import Nodes
@testable import Gateway

/// Every kind of message is one type, and has one handler: in the role that it is for.
@Suite struct HandlerTests {
    private static let tables: [Role: [any ClusterMessage.Type]] = [
        .coordinator: ControlLoop.handlers.types,
        .worker: WorkerNode.Intake.handlers.types + GroupRoster.handlers.types,
        .inference: InferenceNode.handlers.types,
        .gateway: GatewayNode.handlers.types,
    ]

    /// As lists, so that one that is handled twice shows, in one role or in two.
    @Test func everyKindHasOneHandler() {
        let handled = Self.tables.values.flatMap { types in types.map { $0.kind.rawValue } }
        #expect(handled.sorted() == MessageKind.allCases.map(\.rawValue).sorted())
    }

    @Test(arguments: Role.allCases) func aRoleHandlesWhatIsForIt(role: Role) {
        for type in Self.tables[role, default: []] {
            #expect(type.path.receiver == role, "\(type)")
        }
    }

    @Test func whatOperatorsSendIsACall() {
        for type in Self.tables.values.joined() {
            #expect((type.path.sender == .operator) == type.kind.isCall, "\(type)")
            #expect(type.kind.isCall == (type is any OperatorCall.Type), "\(type)")
        }
    }
}

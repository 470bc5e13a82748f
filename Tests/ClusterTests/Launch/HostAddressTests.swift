import Foundation
import Testing

@testable import ClusterProtocol
@testable import LocalCluster

@Suite struct HostAddressTests {
    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1"), ("::1", "[::1]"), ("[::1]", "[::1]"), ("fe80::1:2", "[fe80::1:2]"),
        ("localhost", "localhost"), ("node_1.lab-2.example", "node_1.lab-2.example"),
    ])
    func readsWhatPeopleWrite(_ text: String, _ beforePort: String) {
        #expect(HostAddress(text)?.beforePort == beforePort)
    }

    @Test(arguments: ["", "[]", "[127.0.0.1", "1.2.3", "1.2.3.4.5", "300.1.1.1", "a b", "a/b", "::g", "[name]", "*"])
    func refusesWhatIsNone(_ text: String) {
        #expect(HostAddress(text) == nil)
    }

    @Test func knowsWhatOnlyThisMachineReaches() throws {
        #expect(
            ["127.0.0.1", "127.9.9.9", "localhost", "::1", "0:0:0:0:0:0:0:1"].allSatisfy { HostAddress($0)!.isLoopback }
        )
        #expect(["10.0.0.1", "::2", "0.0.0.0", "::"].allSatisfy { !HostAddress($0)!.isLoopback })
        #expect(["0.0.0.0", "::", "0::0"].allSatisfy { HostAddress($0)!.isUnspecified })
        #expect(["10.0.0.0", "::1", "localhost"].allSatisfy { !HostAddress($0)!.isUnspecified })
    }

    @Test func namesBecomeAddresses() throws {
        #expect(try HostAddress("localhost")?.resolved() == HostAddress("127.0.0.1"))
        #expect(try HostAddress("::1")?.resolved() == HostAddress("::1"))
    }

    @Test func addressesOfIPv6StandInBracketsInWhatNodesAreTold() {
        let folder = ClusterFolder(root: .init(filePath: "/data"))
        let file = ClusterFile(
            name: "a", data: folder.root, coordinator: .init(host: "::1"), gateway: .init(host: "::1"))
        let plan = LaunchPlan(file, folder: folder, cores: 1)
        #expect(plan.coordinator.configuration.listen == "tcp://[::1]:7600")
        #expect(plan.followers[0].configuration.listen == "tcp://[::1]:0")
        #expect(plan.followers.last?.configuration.gateway?.host == "::1")
    }
}

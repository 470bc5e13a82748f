import Testing
import Wire

@testable import Messaging

@Suite struct ConnectionAuthenticationTests {
    private let cluster = TestCluster()
    private let authentication: ConnectionAuthentication

    init() throws {
        authentication = ConnectionAuthentication(keyring: try cluster.keyring)
        authentication.open(domain: "here", roles: [.worker, .gateway])
    }

    private func verdict(_ key: KeyPair, domain: String = "here", mechanism: String = "CURVE")
        -> ConnectionAuthentication.Verdict
    {
        authentication.verdict(domain: domain, mechanism: mechanism, credentials: key.publicKey.bytes)
    }

    private func isRefused(_ verdict: ConnectionAuthentication.Verdict, naming text: String) -> Bool {
        if case .refuse(let reason) = verdict { reason.contains(text) } else { false }
    }

    @Test func knownKeysWithTheRightRoleEnterUnderTheirName() {
        #expect(verdict(cluster.keys["worker-0"]!) == .admit(name: "worker-0"))
        #expect(verdict(cluster.keys["gateway-0"]!) == .admit(name: "gateway-0"))
    }

    @Test func everyoneElseIsRefusedWithTheReason() {
        let foreign = KeyPair.generate()
        #expect(isRefused(verdict(foreign), naming: foreign.publicKey.fingerprint))
        #expect(isRefused(verdict(cluster.keys["coordinator"]!), naming: "coordinator"))
        #expect(isRefused(verdict(cluster.keys["worker-0"]!, domain: "elsewhere"), naming: "closed"))
        #expect(isRefused(verdict(cluster.keys["worker-0"]!, mechanism: "NULL"), naming: "NULL"))
        #expect(
            isRefused(
                authentication.verdict(domain: "here", mechanism: "CURVE", credentials: [1, 2, 3]), naming: "CURVE key")
        )
    }

    @Test func closedListenersAdmitNobody() {
        authentication.close(domain: "here")
        #expect(isRefused(verdict(cluster.keys["worker-0"]!), naming: "closed"))
    }
}

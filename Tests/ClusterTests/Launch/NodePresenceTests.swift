import Foundation
import Testing

@testable import LocalCluster

@Suite struct NodePresenceTests {
    private let folder = try! TemporaryFolder()
    private var cluster: ClusterFolder { ClusterFolder(root: folder.url) }
    private let alive = ProcessRecord(of: getpid())!
    private var dead: ProcessRecord {
        var record = alive
        record.startTicks += 1
        return record
    }

    private func write(coordinator: ProcessRecord?, supervisor: ProcessRecord? = nil, endpoint: String? = nil) throws {
        try cluster.create()
        try coordinator?.write(to: cluster.processRecord(of: NodeName.coordinator))
        try supervisor?.write(to: cluster.supervisorRecord)
        if let endpoint {
            try Data(endpoint.utf8).write(to: cluster.endpointFile(of: NodeName.coordinator))
        }
    }

    @Test func nothingWasStarted() {
        #expect(cluster.presence(of: NodeName.coordinator) == .absent)
    }

    /// Its endpoint file is taken away before it is started again.
    @Test func oneThatIsBeingStartedAgainIsNotAbsent() throws {
        try write(coordinator: dead, supervisor: alive)
        #expect(cluster.presence(of: NodeName.coordinator) == .restarting(dead, nextTry: nil))
        try write(coordinator: alive, supervisor: alive)
        #expect(cluster.presence(of: NodeName.coordinator) == .starting(alive))
        try write(coordinator: alive, supervisor: alive, endpoint: "tcp://127.0.0.1:7600\n")
        #expect(cluster.presence(of: NodeName.coordinator) == .listens(at: "tcp://127.0.0.1:7600"))
    }

    /// The file is blanked then, and written anew by the process.
    @Test func aBlankAddressIsNotYetWritten() throws {
        try write(coordinator: alive, endpoint: "    ")
        #expect(cluster.presence(of: NodeName.coordinator) == .starting(alive))
    }

    @Test func whatAnEndedProcessLeftBehindMeansNothing() throws {
        try write(coordinator: dead, endpoint: "tcp://127.0.0.1:7600\n")
        #expect(cluster.presence(of: NodeName.coordinator) == .ended(dead))
        try write(coordinator: dead, supervisor: dead)
        #expect(cluster.presence(of: NodeName.coordinator) == .ended(dead))
    }

    @Test(arguments: [
        "", "garbage", "tcp://", "tcp://127.0.0.1", "tcp://127.0.0.1:0", "tcp://127.0.0.1:99999", "\u{0}",
    ])
    func aFileWithoutAnAddressIsSeen(_ text: String) throws {
        try write(coordinator: alive, endpoint: text)
        #expect(cluster.presence(of: NodeName.coordinator) == .misled(alive))
        #expect(cluster.endpoint(of: NodeName.coordinator) == nil)
    }

    @Test(arguments: ["tcp://[::1]:7600", "http://0.0.0.0:8080", "tcp://10.0.0.1:1"]) func addresses(_ text: String)
        throws
    {
        try write(coordinator: alive, endpoint: text + "\n")
        #expect(cluster.presence(of: NodeName.coordinator) == .listens(at: text))
    }

    /// Waiting is for what comes up by itself, and soon.
    @Test func whatIsWorthAWait() {
        let now = Date()
        func isWorth(_ presence: NodePresence) -> Bool { presence.isComing(within: .seconds(5), of: now) }
        #expect(isWorth(.starting(alive)) && isWorth(.restarting(dead, nextTry: nil)))
        #expect(isWorth(.restarting(dead, nextTry: now + 4)) && !isWorth(.restarting(dead, nextTry: now + 6)))
        #expect(!isWorth(.absent) && !isWorth(.ended(dead)) && !isWorth(.paused(alive)))
        #expect(isWorth(.misled(alive)), "it writes its address again")
    }
}

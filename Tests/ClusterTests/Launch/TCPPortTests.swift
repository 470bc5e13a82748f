import Foundation
import Testing

@testable import Cluster

@Suite struct TCPPortTests {
    @Test func seesWhoListens() async throws {
        let port: TCPPort
        do {
            let listener = try ListeningSocket()
            port = TCPPort(host: "127.0.0.1", port: listener.port)
            #expect(!port.isFree)
            #expect(port.owner.hasPrefix("process \(getpid()) ("))
        }
        // Not at once: a process that another test is starting has all descriptors for a moment.
        #expect(try await poll(for: .seconds(10)) { port.isFree })
    }

    /// Lines as the kernel writes them; the second connection is established, not listening.
    @Test func readsTheKernelsTable() {
        let table = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0100007F:1DB0 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 14302 1 0 100 0
               1: 0100007F:1DB0 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 14303 1 0 100 0
               2: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 14304 1 0 100 0
            """
        #expect(TCPPort.listeners(on: 7600, in: table) == ["14302"])
        #expect(TCPPort.listeners(on: 8080, in: table) == ["14304"])
        #expect(TCPPort.listeners(on: 80, in: table) == [])
        #expect(TCPPort.listeners(on: 80, in: "") == [])
    }
}

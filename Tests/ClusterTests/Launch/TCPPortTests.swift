import Foundation
import Testing

@testable import LocalCluster

@Suite struct TCPPortTests {
    @Test func seesWhoListens() async throws {
        let port: TCPPort
        do {
            let listener = try ListeningSocket()
            port = TCPPort(host: "127.0.0.1", port: listener.port)
            #expect(!port.isFree)
            // Not at once: a line of the kernel's table is passed over when others go while it is read.
            let start = "process \(getpid()) ("
            #expect(try await poll(for: .seconds(300)) { port.owner.hasPrefix(start) }, "\(port.owner)")
            withExtendedLifetime(listener) {}
        }
        // Not at once: a process that another test is starting has all descriptors for a moment.
        #expect(try await poll(for: .seconds(300)) { port.isFree })
    }

    /// The port from which a connection goes elsewhere cannot be listened on either, though no one listens there.
    @Test func seesAConnectionThatBeganThere() async throws {
        let listener = try ListeningSocket()
        let connection = try ConnectedSocket(to: listener.port)
        let port = TCPPort(host: "127.0.0.1", port: connection.localPort)
        #expect(!port.isFree)
        let start = "a connection from there to 127.0.0.1:\(listener.port) of process \(getpid()) ("
        // Not at once: a line of the kernel's table is passed over when others go while it is read.
        #expect(try await poll(for: .seconds(300)) { port.owner.hasPrefix(start) }, "\(port.owner)")
        withExtendedLifetime((listener, connection)) {}
    }

    /// Lines as the kernel writes them: two that listen, a connection, and one that is closed and only waits.
    @Test func readsTheKernelsTable() {
        let table = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0100007F:1DB0 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 14302 1 0 100 0
               1: 0100007F:1DB0 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 14303 1 0 100 0
               2: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 14304 1 0 100 0
               3: 0100007F:1F91 0200007F:0050 06 00000000:00000000 00:00000000 00000000     0        0 0 1 0 100 0
            """
        let listening = KernelSocket(isListening: true, isConnected: false, remote: "0.0.0.0:0", inode: "14302")
        let connected = KernelSocket(isListening: false, isConnected: true, remote: "127.0.0.1:54321", inode: "14303")
        #expect(KernelSocket.sockets(on: 7600, in: table) == [listening, connected])
        #expect(KernelSocket.sockets(on: 8080, in: table).map(\.inode) == ["14304"])
        #expect(KernelSocket.sockets(on: 8081, in: table).map(\.remote) == ["127.0.0.2:80"])
        #expect(KernelSocket.sockets(on: 8081, in: table).map(\.isConnected) == [false])
        #expect(KernelSocket.sockets(on: 80, in: table) == [])
        #expect(KernelSocket.sockets(on: 80, in: "") == [])
    }
}

import Foundation
import Synchronization

/// A server of one answer for each connection, by the system's own calls, so that a test decides when it reads, writes
/// and closes.
final class StandInServer: Sendable {
    let port: Int
    private let listener: Int32

    /// `serve` gets each connection, one after the other on a thread of its own; it is closed afterwards.
    init(_ serve: @escaping @Sendable (Int32) -> Void) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, $0, &length) == 0
            }
        }
        guard bound else { throw POSIXError(.EADDRINUSE) }
        self.listener = listener
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread {
            while case let connection = accept(listener, nil, nil), connection >= 0 {
                _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
                serve(connection)
                // A child that a parallel test starts may have a copy, which would keep the connection open.
                shutdown(connection, Int32(SHUT_RDWR))
                close(connection)
            }
            close(listener)
        }
    }

    deinit {
        // Ends the thread that accepts, which then closes it: closed here, its number could be another's by then.
        shutdown(listener, Int32(SHUT_RDWR))
    }

    var url: String { "http://127.0.0.1:\(port)" }

    /// Reads up to the end of the head of a request.
    @discardableResult
    static func readHead(_ connection: Int32) -> String {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while !bytes.suffix(4).elementsEqual(Array("\r\n\r\n".utf8)), Foundation.read(connection, &byte, 1) == 1 {
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func read(_ count: Int, from connection: Int32) {
        var byte: UInt8 = 0
        for _ in 0..<count where Foundation.read(connection, &byte, 1) != 1 { return }
    }

    static func write(_ text: String, to connection: Int32) {
        _ = Array(text.utf8).withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }
}

import CZeroMQ
import Testing
import Wire

@testable import Messaging

/// A ZeroMQ DEALER that obeys no rule of ours, for what an enemy or a broken peer may send.
final class RawPeer: @unchecked Sendable {
    private let context: UnsafeMutableRawPointer
    private let socket: UnsafeMutableRawPointer
    private let monitor: UnsafeMutableRawPointer

    /// Without keys it speaks the protocol in plaintext.
    init(keys: KeyPair? = nil, server: PublicKey? = nil, routingID: [UInt8] = []) {
        context = zmq_ctx_new()
        socket = zmq_socket(context, ZMQ_DEALER)
        monitor = zmq_socket(context, ZMQ_PAIR)
        var none: Int32 = 0
        zmq_setsockopt(socket, ZMQ_LINGER, &none, 4)
        zmq_setsockopt(monitor, ZMQ_LINGER, &none, 4)
        if !routingID.isEmpty { zmq_setsockopt(socket, ZMQ_ROUTING_ID, routingID, routingID.count) }
        if let keys, let server {
            zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, keys.publicKey.bytes, 32)
            zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, keys.secretKey.bytes.baseAddress!, 32)
            zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, server.bytes, 32)
        }
        zmq_socket_monitor(socket, "inproc://monitor", Int32(ZMQ_EVENT_ALL))
        zmq_connect(monitor, "inproc://monitor")
    }

    deinit {
        zmq_close(monitor)
        zmq_close(socket)
        zmq_ctx_term(context)
    }

    func connect(to endpoint: String) {
        zmq_connect(socket, endpoint)
    }

    func send(_ parts: [[UInt8]]) {
        for (index, part) in parts.enumerated() {
            zmq_send(socket, part, part.count, ZMQ_DONTWAIT | (index + 1 < parts.count ? ZMQ_SNDMORE : 0))
        }
    }

    /// The parts of a message that has arrived; nil when there is none.
    func receive() -> [[UInt8]]? {
        Self.receive(from: socket)
    }

    /// Waits until the connection was refused: it broke, or the handshake failed.
    func waitForRefusal() async {
        let refusals = [
            ZMQ_EVENT_DISCONNECTED, ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL, ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL,
            ZMQ_EVENT_HANDSHAKE_FAILED_AUTH,
        ]
        await waitForEvent(refusals)
    }

    func waitForHandshake() async {
        await waitForEvent([ZMQ_EVENT_HANDSHAKE_SUCCEEDED])
    }

    private func waitForEvent(_ events: [Int32]) async {
        await eventually("none of the events \(events) came") {
            while let parts = Self.receive(from: monitor) {
                let event = Int32(parts[0][0]) | Int32(parts[0][1]) << 8
                if events.contains(event) { return true }
            }
            return false
        }
    }

    private static func receive(from socket: UnsafeMutableRawPointer) -> [[UInt8]]? {
        var parts: [[UInt8]] = []
        var part = zmq_msg_t()
        zmq_msg_init(&part)
        defer { zmq_msg_close(&part) }
        repeat {
            guard zmq_msg_recv(&part, socket, ZMQ_DONTWAIT) >= 0 else { return nil }
            parts.append(Array(UnsafeRawBufferPointer(start: zmq_msg_data(&part), count: zmq_msg_size(&part))))
        } while zmq_msg_more(&part) != 0
        return parts
    }
}

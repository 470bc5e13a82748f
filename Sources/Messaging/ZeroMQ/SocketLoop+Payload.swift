import CZeroMQ
import Wire

extension SocketLoop {
    enum Payload {
        case frames([Frame], byteCount: Int)
        case refused(MessagingStatistics.Drop, String)
    }

    /// Receives the parts behind the envelope. A message beyond the limits is received to its end and thrown away.
    func receivePayload(from socket: UnsafeMutableRawPointer) -> Payload {
        let limits = shared.limits
        var byteCount = parts.envelope.bytes.count
        guard parts.envelope.hasMore else { return .frames([], byteCount: byteCount) }
        var frames: [Frame] = []
        var refusal: (MessagingStatistics.Drop, String)?
        var more = true
        while more {
            let part = UnsafeMutablePointer<zmq_msg_t>.allocate(capacity: 1)
            zmq_msg_init(part)
            guard part.receive(from: socket) else { preconditionFailure("libzmq delivers messages whole") }
            more = part.hasMore
            let frame = Frame(received: part)
            byteCount += frame.count
            if frames.count == limits.frames {
                refusal = (.tooManyFrames, "expected at most \(limits.frames) payload frames, got more")
            } else if frame.count > limits.frameBytes {
                refusal = (.oversized, "expected frames of at most \(limits.frameBytes) bytes, got \(frame.count)")
            } else if byteCount > limits.messageBytes {
                refusal = (.oversized, "expected at most \(limits.messageBytes) bytes, got more")
            }
            if refusal == nil { frames.append(frame) } else { frames = [] }
        }
        if let (reason, what) = refusal { return .refused(reason, what) }
        return .frames(frames, byteCount: byteCount)
    }
}

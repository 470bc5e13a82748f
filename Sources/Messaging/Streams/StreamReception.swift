import DequeModule
import Wire

/// What has come of one streamed answer and is not yet read. A value without clock or thread: the time comes in, and what
/// is to be granted comes out. What breaks the rules ends the stream, so it never holds more than its window.
struct StreamReception: Sendable {
    enum Progress: Sendable, Equatable {
        /// More may come.
        case open
        case over
        /// Over, and the other side does not know it.
        case broken
    }

    enum Reading: Sendable {
        /// `grant` is what may be used again because of this and what was read before.
        case part(Message, grant: StreamCredit?)
        case nothing
        case finished
        case failed(any Error)
    }

    private enum End: Sendable {
        case finished
        case failed(any Error)
    }

    private let peer: String
    private let window: StreamCredit
    /// Granted, and not used by the other side yet.
    private var unused: StreamCredit
    /// Read, and not granted again yet.
    private var read = StreamCredit.zero
    private var sequence: UInt32 = 0
    /// Parts taken, whether read or not.
    private(set) var taken = 0
    private var parts: Deque<(message: Message, byteCount: Int)> = []
    private var end: End?
    /// When the last of what had come was read; nil before that.
    private var idleSince: UInt64?

    init(window: StreamCredit, peer: String) {
        self.window = window
        self.peer = peer
        unused = window
    }

    var isOpen: Bool { end == nil }

    /// Whether a part has come.
    var hasBegun: Bool { sequence > 0 }

    /// Not read yet.
    var held: StreamCredit { StreamCredit(parts: parts.count, bytes: parts.reduce(0) { $0 + $1.byteCount }) }

    /// - Parameter byteCount: of its envelope and payload frames.
    mutating func receive(_ message: Message, byteCount: Int) -> Progress {
        // Only its reader ends a stream that the messenger still waits for.
        guard isOpen else { return message.envelope.endsStream ? .over : .broken }
        switch (message.envelope.body, message.envelope.position) {
        case (.failure(let failure), _):
            return finish(.failed(failure))
        case (.probe, nil):
            return .open
        case (_, nil):
            guard sequence == 0 else { return broken("a whole answer came after \(sequence) parts") }
            take(message, byteCount)
            return finish(.finished)
        case (let body, let position?):
            guard sequence < .max, position.sequence == sequence + 1 else {
                return broken("part \(position.sequence) came after part \(sequence)")
            }
            sequence += 1
            if position.isLast, body == .acknowledgement, message.frames.isEmpty { return finish(.finished) }
            guard unused.covers(byteCount) else {
                return broken(
                    "part \(sequence) of \(byteCount) bytes came where \(unused.parts) parts and \(unused.bytes) bytes "
                        + "were granted")
            }
            unused.parts -= 1
            unused.bytes -= byteCount
            take(message, byteCount)
            return position.isLast ? finish(.finished) : .open
        }
    }

    /// The end of the stream comes after what has come before it, and an error once.
    mutating func next(at now: UInt64) -> Reading {
        guard let (message, byteCount) = parts.popFirst() else {
            switch end {
            case nil: return .nothing
            case .finished: return .finished
            case .failed(let error):
                end = .finished
                return .failed(error)
            }
        }
        if parts.isEmpty { idleSince = now }
        guard isOpen else { return .part(message, grant: nil) }
        read += StreamCredit(parts: 1, bytes: byteCount)
        guard 2 * read.parts >= window.parts || 2 * read.bytes >= window.bytes else {
            return .part(message, grant: nil)
        }
        let grant = read
        unused += grant
        read = .zero
        return .part(message, grant: grant)
    }

    /// Ends the stream from outside. False when it was over already.
    mutating func end(with error: any Error) -> Bool {
        guard isOpen else { return false }
        end = .failed(error)
        return true
    }

    /// Throws away what was not read. False when the stream was over already.
    mutating func cancel() -> Bool {
        let wasOpen = isOpen
        if wasOpen || !parts.isEmpty { end = .failed(CancellationError()) }
        parts = []
        return wasOpen
    }

    /// When the next part must have come, or nil while one waits to be read: a slow reader is no slow peer. For
    /// the first part the time counts from the request on.
    func deadline(openedAt opened: UInt64, first: UInt64, between: UInt64) -> UInt64? {
        guard parts.isEmpty else { return nil }
        guard let idleSince else { return opened.saturatingAdd(first) }
        return idleSince.saturatingAdd(between)
    }

    private mutating func take(_ message: Message, _ byteCount: Int) {
        parts.append((message, byteCount))
        taken += 1
    }

    private mutating func finish(_ end: End) -> Progress {
        self.end = end
        return .over
    }

    private mutating func broken(_ reason: String) -> Progress {
        end = .failed(MessagingError.brokenStream(peer: peer, reason: reason))
        return .broken
    }
}

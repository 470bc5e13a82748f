import Synchronization

/// What a messenger has counted since it started.
package struct MessagingStatistics: Sendable, Equatable {
    /// Why a message that arrived, or was about to leave, went no further.
    package enum Drop: String, Sendable, CaseIterable {
        /// The envelope is no message of the protocol, or holds what it must not.
        case malformed
        /// The envelope, a frame or the whole message is larger than the limit.
        case oversized
        case tooManyFrames = "too_many_frames"
        case otherVersion = "other_version"
        /// Not from a peer whose key was admitted.
        case unattributed
        /// Answers a request that has timed out, was cancelled or never existed.
        case lateAnswer = "late_answer"
        /// To a peer that is no longer connected.
        case unreachable
    }

    package var messagesSent = 0
    package var bytesSent = 0
    package var messagesReceived = 0
    package var bytesReceived = 0
    package var dropped: [Drop: Int] = [:]
    /// Messages refused because the queue towards their peer was full.
    package var backlogRefusals = 0
    /// Connections refused because their key is unknown or its role is not admitted.
    package var refusedPeers = 0
    /// Streams that this messenger asked for.
    package var askedStreams = StreamCounts()
    /// Streams by which it answered.
    package var answeredStreams = StreamCounts()
}

/// The counters behind a messenger's statistics, shared by its thread and its callers.
final class StatisticsCounter: Sendable {
    private let counts = Mutex(MessagingStatistics())

    var snapshot: MessagingStatistics { counts.withLock { $0 } }

    func sent(bytes: Int) {
        counts.withLock {
            $0.messagesSent += 1
            $0.bytesSent += bytes
        }
    }

    func received(bytes: Int) {
        counts.withLock {
            $0.messagesReceived += 1
            $0.bytesReceived += bytes
        }
    }

    func dropped(_ reason: MessagingStatistics.Drop) {
        counts.withLock { $0.dropped[reason, default: 0] += 1 }
    }

    func refusedBacklog() {
        counts.withLock { $0.backlogRefusals += 1 }
    }

    func refusedPeer() {
        counts.withLock { $0.refusedPeers += 1 }
    }

    func asked(_ change: (inout StreamCounts) -> Void) {
        counts.withLock { change(&$0.askedStreams) }
    }

    func answered(_ change: (inout StreamCounts) -> Void) {
        counts.withLock { change(&$0.answeredStreams) }
    }
}

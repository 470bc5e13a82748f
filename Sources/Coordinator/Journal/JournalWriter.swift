import ClusterProtocol
import ControlPlane
import Explanations
import Files
import Foundation

/// Writes the segments of a journal, on a thread on which the disk may take its time.
struct JournalWriter {
    enum Entry: Sendable {
        /// A segment that does not go on where another one ends.
        case opening(ControlPlane, at: Moment, missed: Int)
        /// - Parameters:
        ///   - after: what came of it, where that is wanted.
        ///   - opens: whether that is to begin the next segment.
        case event(JournalEvent, after: ControlPlane?, opens: Bool)
        /// The last one.
        case ending(ControlPlane)
    }

    /// What the journal needs, or has lost.
    enum Outcome: Sendable, Equatable {
        case written
        /// The next event is to begin a segment.
        case isFull
        /// There is no segment to which it belongs.
        case skipped
        /// The segment is closed.
        ///
        /// - Parameter isLost: whether it is in no journal.
        case failed(String, isLost: Bool)
    }

    let folder: JournalFolder
    let limits: JournalLimits
    private let encoder = ExactJSON.encoder()
    private var segment: SegmentFile?
    /// What the state at the beginning of the segment takes of it.
    private var openingBytes = 0
    private var hasSaidThatItIsFull = false
    /// No digest before this: they are to take a small part of the time only, however large the state.
    private var nextDigest = ContinuousClock.now

    init(folder: JournalFolder, limits: JournalLimits) {
        self.folder = folder
        self.limits = limits
    }

    /// Blocks on the disk.
    mutating func write(_ entry: Entry) -> Outcome {
        var isLost = true
        do {
            switch entry {
            case .opening(let plane, let moment, let missed):
                try open(plane, at: moment, continues: false, missed: missed)
            case .event(let event, let after, let opens):
                guard segment != nil else { return .skipped }
                try append(.event, try encoder.encode(event))
                isLost = false
                if let after, opens {
                    try open(after, at: event.moment, continues: true, missed: 0)
                } else if let after {
                    try appendDigest(of: after)
                }
            case .ending(let plane):
                guard segment != nil else { return .skipped }
                nextDigest = .now
                try appendDigest(of: plane)
                segment = nil
            }
        } catch {
            segment = nil
            return .failed(error.explanation, isLost: isLost)
        }
        guard let written = segment.map({ $0.bytes - openingBytes }), written >= limits.segment else { return .written }
        // What still waits must not make it grow without end.
        if written >= 2 * limits.segment { segment = nil }
        defer { hasSaidThatItIsFull = true }
        return hasSaidThatItIsFull ? .written : .isFull
    }

    private mutating func open(_ plane: ControlPlane, at moment: Moment, continues: Bool, missed: Int) throws {
        segment = nil
        let state = [UInt8](try encoder.encode(plane))
        guard state.count <= limits.state else {
            throw JournalProblem.stateTooLarge(bytes: state.count, limit: limits.state)
        }
        let opening = JournalOpening(
            cluster: plane.clusterID, moment: moment, continues: continues, missed: missed,
            digest: StateDigest(ofExactJSON: state))
        try Folder.make(folder.root, mode: 0o700)
        let file = try SegmentFile(making: folder.next())
        do {
            try file.append(
                JournalFrame.magic + JournalFrame.bytes(.opening, [UInt8](try encoder.encode(opening)))
                    + JournalFrame.bytes(.state, state))
        } catch {
            try? FileManager.default.removeItem(at: file.url)
            throw error
        }
        segment = file
        openingBytes = file.bytes
        hasSaidThatItIsFull = false
        try folder.shorten(to: limits.total - limits.segment)
    }

    private func append(_ kind: JournalRecord.Kind, _ payload: Data) throws {
        guard payload.count <= limits.record else {
            throw JournalProblem.recordTooLarge(bytes: payload.count, limit: limits.record)
        }
        try segment?.append(JournalFrame.bytes(kind, [UInt8](payload)))
    }

    private mutating func appendDigest(of plane: ControlPlane) throws {
        let begin = ContinuousClock.now
        guard begin >= nextDigest else { return }
        try append(.digest, try encoder.encode(StateDigest(of: plane)))
        nextDigest = .now + (.now - begin) * 20
    }
}

import ClusterProtocol
package import ControlPlane
import Explanations
import Files
package import Foundation

/// Lets the events of a journal happen again, to the same value, and compares what it becomes with what was noted.
package struct JournalReplay {
    package enum Step: Sendable {
        case opened(URL, JournalOpening)
        /// - Parameter number: counts all events that are read.
        case happened(number: Int, JournalEvent, Effects)
        /// A digest that was noted after so many events, and the one of the replay.
        case compared(number: Int, noted: StateDigest, replayed: StateDigest)
        case ended(URL, JournalReader.Ending)
    }

    private var files: [URL]
    private var reader: (file: URL, reader: JournalReader)?
    private var opening: JournalOpening?
    private var queued: Step?
    /// What the events so far have led to; nil before the first state.
    package private(set) var plane: ControlPlane?
    package private(set) var events = 0

    /// - Parameter file: a segment, or the folder of a journal.
    ///
    /// Throws `FileError` if there is no segment.
    package init(of file: URL) throws {
        guard file.hasDirectoryPath || (try? file.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) == true else {
            files = [file]
            return
        }
        files = try JournalFolder(file).segments()
        guard !files.isEmpty else {
            throw FileError(file.path, .read, reason: "it holds no journal (files such as 00000001.journal)")
        }
    }

    /// Nil at the end. Throws `FileError`, or what keeps the digest from being told.
    package mutating func next() throws -> Step? {
        if let step = queued.take() { return step }
        while true {
            guard let (file, reader) = reader else {
                guard !files.isEmpty else { return nil }
                let file = files.removeFirst()
                self.reader = (file, try JournalReader(file))
                continue
            }
            guard let record = try reader.next() else {
                self.reader = nil
                return .ended(file, reader.ending ?? .whole)
            }
            do {
                if let step = try take(record, of: file) { return step }
            } catch {
                self.reader = nil
                return .ended(file, .damaged(at: reader.offset, reason: error.explanation))
            }
        }
    }

    private mutating func take(_ record: JournalRecord, of file: URL) throws -> Step? {
        switch record {
        case .opening(let opening): self.opening = opening
        case .state(let state):
            guard let opening = opening.take() else { throw JournalProblem.noState }
            return try begin(opening, state, of: file)
        case .event(let event):
            guard plane != nil, opening == nil else { throw JournalProblem.noState }
            events += 1
            var effects = Effects()
            if event.refusal == nil { plane?.handle(event.event, at: event.moment, into: &effects) }
            return .happened(number: events, event, effects)
        case .digest(let noted):
            guard let plane else { throw JournalProblem.noState }
            return .compared(number: events, noted: noted, replayed: try StateDigest(of: plane))
        }
        return nil
    }

    /// Goes on from the state that was noted, which is the one of the replay where nothing is missing.
    private mutating func begin(_ opening: JournalOpening, _ state: [UInt8], of file: URL) throws -> Step {
        guard StateDigest(ofExactJSON: state) == opening.digest else { throw JournalProblem.differentState }
        let before = plane
        let noted = try ExactJSON.decoder().decode(ControlPlane.self, from: Data(state))
        try noted.check()
        plane = noted
        if opening.continues, let before {
            queued = .compared(number: events, noted: opening.digest, replayed: try StateDigest(of: before))
        }
        return .opened(file, opening)
    }
}

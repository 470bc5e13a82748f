package import ClusterProtocol
package import ControlPlane
import Foundation

/// One record of a journal. A segment is an opening, the state, and then events with a digest now and then.
package enum JournalRecord: Sendable {
    case opening(JournalOpening)
    /// All that the control plane was when the segment began, as exact JSON.
    case state([UInt8])
    case event(JournalEvent)
    /// Of what the control plane has become by the events before it.
    case digest(StateDigest)

    enum Kind: UInt8 {
        case opening = 1, state, event, digest
    }

    /// Throws what is wrong with it, `DocumentProblem` or what the JSON decoder says.
    init(_ kind: Kind, _ payload: [UInt8]) throws {
        let decoder = ExactJSON.decoder()
        switch kind {
        case .opening: self = .opening(try decoder.decode(JournalOpening.self, from: Data(payload)))
        case .state: self = .state(payload)
        case .event:
            let event = try decoder.decode(JournalEvent.self, from: Data(payload))
            try event.check()
            self = .event(event)
        case .digest: self = .digest(try decoder.decode(StateDigest.self, from: Data(payload)))
        }
    }
}

/// What a segment begins with.
package struct JournalOpening: Codable, Sendable, Equatable {
    /// Of what follows.
    package var format = JournalFrame.format
    /// Of the program that wrote it: another one may make something else of the same events.
    package var version = codeVersion
    package var cluster: String
    package var moment: Moment
    /// Whether the segment before it ends where this one begins.
    package var continues: Bool
    /// Events between the segment before it and this one that are in no journal.
    package var missed: Int
    /// Of the state that follows.
    package var digest: StateDigest
}

/// Something that happened to the control plane, and when.
package struct JournalEvent: Codable, Sendable {
    private enum CodingKeys: String, CodingKey {
        case moment = "at"
        case event, refusal
    }

    package var moment: Moment
    package var event: Event
    /// Why its changes could not be stored: then it has not happened.
    package var refusal: String?

    /// What is read from a file is checked as what came over the wire.
    func check() throws(DocumentProblem) {
        try event.check()
        try moment.check()
    }
}

extension Moment {
    fileprivate func check() throws(DocumentProblem) {
        let seconds = date.timeIntervalSinceReferenceDate
        guard abs(seconds) < 1e12 else {
            throw DocumentProblem(field: "at.date", expected: "a time", got: "\(seconds) s")
        }
        // Sums of it and of the bounds of policies must not pass the end of arithmetic.
        let (now, age) = (ContinuousClock.now, Duration.seconds(1 << 40))
        guard now - age < instant, instant < now + age else {
            throw DocumentProblem(field: "at.instant", expected: "a time since a machine was started", got: "another")
        }
    }
}

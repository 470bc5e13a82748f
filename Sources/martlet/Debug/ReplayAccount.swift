import ClusterProtocol
import ControlPlane
import Coordinator
import Explanations
import Foundation

/// What a replay has come to so far.
struct ReplayAccount: Encodable, Equatable {
    struct Segment: Encodable, Equatable {
        var name: String
        /// Of the program that wrote it.
        var version: String
        var begun: Date
        /// Whether it goes on where the segment before it ends.
        var continues: Bool
        /// Events before it that are in no segment.
        var missed: Int
        /// What is wrong with its end; nil where nothing is.
        var problem: String?
    }

    /// Where the replay became something else than the coordinator.
    struct Difference: Encodable, Equatable {
        /// Events until then.
        var event: Int
        var noted: String
        var replayed: String
    }

    var segments: [Segment] = []
    var events = 0
    /// Those that could not be stored, and so did not happen.
    var refused = 0
    /// Digests that agree.
    var agreed = 0
    var difference: Difference?
    /// Something cannot be read that a kill does not explain.
    var isDamaged = false
    /// Digest of what came out; nil where nothing could be read.
    var state: String?

    /// Takes a step in, and gives what there is to say of it.
    mutating func take(_ step: JournalReplay.Step, verbose: Bool) -> [String] {
        switch step {
        case .opened(let file, let opening):
            let segment = Segment(
                name: file.lastPathComponent, version: opening.version, begun: opening.moment.date,
                continues: opening.continues, missed: opening.missed)
            segments.append(segment)
            return [segment.line]
        case .happened(let number, let event, let effects):
            events = number
            if event.refusal != nil { refused += 1 }
            return verbose ? [Self.line(number, event, effects)] : []
        case .compared(let number, let noted, let replayed):
            if noted == replayed {
                agreed += 1
            } else {
                difference = Difference(event: number, noted: noted.description, replayed: replayed.description)
            }
            return []
        case .ended(let file, let ending):
            guard let problem = ending.problem else { return [] }
            if case .damaged = ending { isDamaged = true }
            if segments.last?.name == file.lastPathComponent { segments[segments.count - 1].problem = problem }
            return ["\(file.lastPathComponent): \(problem)"]
        }
    }

    var lines: [String] {
        var lines: [String] = []
        if let difference {
            lines.append(
                "DIFFERENT after event \(difference.event): the coordinator was \(difference.noted.prefix(12)), the replay "
                    + "is \(difference.replayed.prefix(12))")
        }
        lines.append(
            "\(counted(events, "event"))\(refused == 0 ? "" : ", \(refused) of them refused by the store"), "
                + "\(counted(agreed, "digest agrees", "digests agree"))")
        lines.append(state.map { "state \($0)" } ?? "nothing to replay")
        return lines
    }

    private static func line(_ number: Int, _ event: JournalEvent, _ effects: Effects) -> String {
        let outcome =
            event.refusal.map { "refused by the store: \($0)" }
            ?? "\(counted(effects.changes.count, "change")), \(counted(effects.actions.count, "action"))"
        let date = event.moment.date.ISO8601Format(.iso8601.time(includingFractionalSeconds: true))
        return "\(number)  \(date)  "
            + "\(event.event.summary)  -> \(outcome)"
    }
}

extension ReplayAccount.Segment {
    fileprivate var line: String {
        let start =
            missed > 0
            ? "\(counted(missed, "event")) before it missed" : continues ? "goes on" : "a coordinator started"
        return "\(name): \(start), \(begun.ISO8601Format()), written by \(version)"
    }
}

extension JournalReader.Ending {
    /// In words; nil where nothing is wrong.
    fileprivate var problem: String? {
        switch self {
        case .whole: nil
        case .torn(let offset): "ends in the midst of a record, at byte \(offset), as after a kill"
        case .damaged(let offset, let reason): "cannot be read further than byte \(offset): \(reason)"
        }
    }
}

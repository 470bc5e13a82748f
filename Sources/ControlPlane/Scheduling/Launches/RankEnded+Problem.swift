import ClusterProtocol
import Explanations

extension RankEnded {
    /// What a person reads of an end that is none, with the last words of the rank; nil for a good one.
    var problem: String? {
        let words = reason.map { ": \($0)" } ?? ""
        return switch status {
        case .exited(0): nil
        case .exited(let status): "ended with status \(status)\(words)"
        case .signalled(let signal): "was ended by \(SignalName.of(signal))\(words)"
        case .notStarted(let reason): "did not start: \(reason)"
        }
    }

    /// The last line that names an error, as `ValueError: …` or `Fatal error: …`; else the last one.
    private var reason: String? {
        tail.last { $0.lowercased().contains("error: ") } ?? tail.last { !$0.isEmpty }
    }
}

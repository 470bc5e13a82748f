extension RankEnded {
    /// What a person reads of an end that is none, with the last words of the rank; nil for a good one.
    var problem: String? {
        let words = tail.last { !$0.isEmpty }.map { ": \($0)" } ?? ""
        return switch status {
        case .exited(0): nil
        case .exited(let status): "ended with status \(status)\(words)"
        case .signalled(let signal): "was ended by \(Self.name(ofSignal: signal))\(words)"
        case .notStarted(let reason): "did not start: \(reason)"
        }
    }

    private static func name(ofSignal number: Int32) -> String {
        let names: [Int32: String] = [
            2: "SIGINT", 4: "SIGILL", 5: "SIGTRAP", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 9: "SIGKILL",
            11: "SIGSEGV", 15: "SIGTERM",
        ]
        return names[number].map { "signal \(number) (\($0))" } ?? "signal \(number)"
    }
}

/// One line of `martlet doctor`.
struct Finding: Encodable, Equatable {
    enum State: String, Encodable {
        case ok, warning, broken
    }

    var subject: String
    var state: State
    var found: String
    /// What to do; empty when all is well.
    var remedy: String

    static func ok(_ subject: String, _ found: String) -> Finding {
        Finding(subject: subject, state: .ok, found: found, remedy: "")
    }

    static func warning(_ subject: String, _ found: String, remedy: String) -> Finding {
        Finding(subject: subject, state: .warning, found: found, remedy: remedy)
    }

    static func broken(_ subject: String, _ found: String, remedy: String) -> Finding {
        Finding(subject: subject, state: .broken, found: found, remedy: remedy)
    }

    static func lines(_ findings: [Finding]) -> [String] {
        let width = findings.map(\.subject.count).max() ?? 0
        return findings.flatMap { finding in
            let mark =
                switch finding.state {
                case .ok: "ok     "
                case .warning: "warning"
                case .broken: "BROKEN "
                }
            let name = finding.subject + String(repeating: " ", count: width - finding.subject.count)
            let line = "\(mark)  \(name)  \(finding.found)"
            let indent = String(repeating: " ", count: 9 + width + 2)
            return finding.remedy.isEmpty ? [line] : [line, "\(indent)-> \(finding.remedy)"]
        }
    }
}

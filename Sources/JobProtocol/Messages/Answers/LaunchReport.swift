package import ClusterProtocol
import Explanations

/// A launch with what its ranks printed since a person last looked.
package struct LaunchReport: DocumentAnswer {
    package struct Line: Codable, Sendable, Equatable {
        package var rank: Int
        package var text: String

        package init(rank: Int, text: String) {
            self.rank = rank
            self.text = text
        }
    }

    package var status: LaunchStatus
    package var lines: [Line]
    /// Lines that were printed in between and are not kept here.
    package var missed: Int
    /// What to ask for next.
    package var next: Int

    package init(status: LaunchStatus, lines: [Line], missed: Int, next: Int) {
        self.status = status
        self.lines = lines
        self.missed = missed
        self.next = next
    }

    /// What stands in the place of lines that are not shown.
    package static func leftOut(_ count: Int) -> String {
        "(\(counted(count, "line")) left out; the workers' logs have as much as there was room for, "
            + "\(RankOutput.loggedBytes >> 20) MiB of each rank)"
    }
}

extension LaunchReport {
    package func check() throws(DocumentProblem) {
        try status.check()
        try Check.count(missed, "missed")
        try Check.count(next, "next")
    }
}

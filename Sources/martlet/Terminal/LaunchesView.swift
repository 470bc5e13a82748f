import ClusterProtocol
import JobProtocol
import Foundation

/// A table of launches, newest first.
struct LaunchesView {
    var launches: [LaunchStatus]
    var now: Date
    var width: Int?

    func lines() -> [String] {
        let columns: [TextTable.Column] = [
            .init("LAUNCH"), .init("STATE"), .init("WORKERS", .right), .init("SUBMITTED", .right), .init("PROGRAM"),
            .init("DETAIL"),
        ]
        let rows = launches.sorted { $0.submitted > $1.submitted }.map { launch in
            [
                launch.id, launch.state.rawValue, String(launch.workersAsked),
                "\(Figures.duration(seconds: max(0, now.timeIntervalSince(launch.submitted)))) ago",
                URL(filePath: launch.command.executable).lastPathComponent, launch.detail,
            ]
        }
        return TextTable(columns: columns, rows: rows).lines(width: width)
    }
}

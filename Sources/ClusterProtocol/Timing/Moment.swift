package import Foundation

/// Both clocks read at once: the monotonic one decides when something is due, the wall clock says when it happened.
///
/// Every state machine of this module is told the time and never looks for itself, so a test moves it by hand.
package struct Moment: Codable, Sendable, Equatable {
    package var instant: ContinuousClock.Instant
    package var date: Date

    package init(instant: ContinuousClock.Instant, date: Date) {
        self.instant = instant
        self.date = date
    }

    package static var now: Moment { Moment(instant: .now, date: Date()) }

    package func advanced(by duration: Duration) -> Moment {
        Moment(instant: instant + duration, date: date + duration.seconds)
    }
}

extension Duration {
    /// In seconds, with fractions.
    package var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }

    /// "3 s", "1.5 s": as short as it can be said.
    package var inSeconds: String {
        let seconds = self.seconds
        return seconds == seconds.rounded() ? "\(Int(seconds)) s" : "\(seconds) s"
    }
}

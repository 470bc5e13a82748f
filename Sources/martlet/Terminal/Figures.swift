import Foundation

/// Numbers as a person reads them at a glance.
enum Figures {
    /// `512 B`, `3.4 MB`, `1.2 GB`; steps of 1000.
    static func bytes(_ count: UInt64) -> String {
        let units = ["B", "kB", "MB", "GB", "TB"]
        var value = Double(count)
        var unit = 0
        while value >= 999.5, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        return value < 9.95 && unit > 0 ? "\(fixed(value, 1)) \(units[unit])" : "\(fixed(value, 0)) \(units[unit])"
    }

    /// `0.3s`, `45s`, `3m 20s`, `2h 5m`, `3d 4h`; `-` for what is not a time.
    static func duration(seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e12 else { return "-" }
        if seconds < 9.95 { return "\(fixed(seconds, 1))s" }
        let whole = Int(seconds.rounded())
        switch whole {
        case ..<60: return "\(whole)s"
        case ..<3600: return "\(whole / 60)m \(whole % 60)s"
        case ..<86400: return "\(whole / 3600)h \(whole % 3600 / 60)m"
        default: return "\(whole / 86400)d \(whole % 86400 / 3600)h"
        }
    }

    /// `950`, `12.3k`, `4.56M`: three digits that matter.
    static func count(_ value: Double) -> String {
        guard value.isFinite else { return "-" }
        switch abs(value) {
        case ..<9.95: return fixed(value, 1)
        case ..<999.5: return fixed(value, 0)
        case ..<999_500: return "\(fixed(value / 1000, 1))k"
        default: return "\(fixed(value / 1_000_000, 2))M"
        }
    }

    /// `11,274`.
    static func grouped(_ value: Int) -> String {
        var digits = String(value.magnitude)
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return (value < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
    }

    /// A loss: six significant digits.
    static func loss(_ value: Double) -> String { String(format: "%.6g", value) }

    /// Four significant digits, for the eye.
    static func short(_ value: Double) -> String { String(format: "%.4g", value) }

    /// A metric such as an accuracy: four places, or six significant digits where those would be noughts or an error of
    /// eighty digits.
    static func metric(_ value: Double) -> String {
        value == 0 || (0.0005..<1e6).contains(abs(value)) ? fixed(value, 4) : String(format: "%.6g", value)
    }

    static func fixed(_ value: Double, _ places: Int) -> String { String(format: "%.\(places)f", value) }
}

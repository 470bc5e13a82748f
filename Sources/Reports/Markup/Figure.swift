import Foundation

/// Numbers as people read them.
enum Figure {
    /// Four significant digits: `0.9412`, `12.35`, `1.2e-05`.
    static func short(_ value: Double) -> String {
        value.isFinite ? String(format: "%.4g", value) : "\(value)"
    }

    /// What stands at an axis: as short as it can be.
    static func tick(_ value: Double) -> String {
        if value == 0 { return "0" }
        switch abs(value) {
        case 1e-3..<1e6: return String(format: "%.6g", value)
        default: return String(format: "%.3g", value).replacing("e-0", with: "e-").replacing("e+0", with: "e")
        }
    }

    static func coordinate(_ value: Double) -> String {
        let text = String(format: "%.2f", value)
        guard text.contains(".") else { return text }
        let trimmed = String(text.reversed().drop { $0 == "0" }.reversed())
        return trimmed.hasSuffix(".") ? String(trimmed.dropLast()) : trimmed
    }

    static func percent(_ share: Double) -> String {
        String(format: share == 0 || share >= 0.0995 ? "%.0f%%" : "%.1f%%", share * 100)
    }

    /// `420 µs`, `12.5 ms`, `3.2 s`.
    static func seconds(_ value: Double) -> String {
        switch value {
        case ..<0.0009995: String(format: "%.0f µs", value * 1e6)
        case ..<0.9995: String(format: "%.3g ms", value * 1e3)
        default: String(format: "%.3g s", value)
        }
    }

    static func count(_ value: Int) -> String {
        var digits = String(value.magnitude)
        var groups: [Substring] = []
        while digits.count > 3 {
            groups.insert(digits.suffix(3), at: 0)
            digits = String(digits.dropLast(3))
        }
        return (value < 0 ? "-" : "") + ([Substring(digits)] + groups).joined(separator: ",")
    }
}

/// Dates and times of ISO 8601 as numbers.
enum CalendarDate {
    /// Days since 1970-01-01 00:00 UTC of `YYYY-MM-DD`, `YYYY-MM` or `YYYY-MM-DD[T ]hh:mm[:ss[.fraction]]` with `Z`, an
    /// offset such as `+01:00`, or nothing behind it, which counts as UTC. Nil for anything else.
    static func days(_ text: UnsafeRawBufferPointer) -> Double? {
        var reader = Reader(text: text)
        guard let year = reader.digits(4), reader.take("-"), let month = reader.digits(2), (1...12).contains(month)
        else { return nil }
        guard !reader.isAtEnd else { return Double(dayNumber(year, month, 1)) }
        guard reader.take("-"), let day = reader.digits(2), day >= 1, day <= length(ofMonth: month, in: year) else {
            return nil
        }
        let date = Double(dayNumber(year, month, day))
        guard !reader.isAtEnd else { return date }
        guard reader.take("T") || reader.take(" "), let seconds = reader.timeOfDay(), reader.isAtEnd else { return nil }
        return date + seconds / 86_400
    }

    /// Whether a text is a date.
    static func isMeant(by text: String) -> Bool { days(text) != nil }

    static func days(_ text: String) -> Double? {
        var text = text
        return text.withUTF8 { days(UnsafeRawBufferPointer($0).trimmed) }
    }

    /// H. Hinnant, chrono-Compatible Low-Level Date Algorithms: days from civil.
    private static func dayNumber(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func length(ofMonth month: Int, in year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    private struct Reader {
        let text: UnsafeRawBufferPointer
        var index = 0

        var isAtEnd: Bool { index == text.count }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard index < text.count, text[index] == UInt8(ascii: character) else { return false }
            index += 1
            return true
        }

        mutating func digits(_ count: Int) -> Int? {
            guard text.count - index >= count else { return nil }
            var value = 0
            for _ in 0..<count {
                let digit = text[index] &- UInt8(ascii: "0")
                guard digit <= 9 else { return nil }
                value = value * 10 + Int(digit)
                index += 1
            }
            return value
        }

        /// Seconds since midnight in UTC.
        mutating func timeOfDay() -> Double? {
            guard let hour = digits(2), hour < 24, take(":"), let minute = digits(2), minute < 60 else { return nil }
            var seconds = Double(hour * 3600 + minute * 60)
            if take(":") {
                guard let second = digits(2), second <= 60 else { return nil }
                seconds += Double(second)
                if take(".") {
                    var unit = 0.1
                    let start = index
                    while let digit = digits(1) {
                        seconds += Double(digit) * unit
                        unit /= 10
                    }
                    guard index > start else { return nil }
                }
            }
            if take("Z") || isAtEnd { return seconds }
            let sign: Double
            if take("+") { sign = -1 } else if take("-") { sign = 1 } else { return nil }
            guard let hours = digits(2), hours < 24, take(":"), let minutes = digits(2), minutes < 60 else {
                return nil
            }
            return seconds + sign * Double(hours * 3600 + minutes * 60)
        }
    }
}

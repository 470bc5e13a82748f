/// Checks shared by encoding and decoding, so that what one side accepts the other accepts too.
enum Validation {
    /// Throws unless `text` has between `lengths.lowerBound` and `lengths.upperBound` bytes of UTF-8.
    static func bytes(_ text: String, in lengths: ClosedRange<Int>, _ field: String) throws(WireError) {
        guard lengths.contains(text.utf8.count) else {
            throw .invalid(
                field: field, expected: "\(lengths.lowerBound) to \(lengths.upperBound) bytes",
                got: "\(text.utf8.count) bytes")
        }
    }

    static func count(_ count: Int, atMost limit: Int, _ field: String) throws(WireError) {
        guard count <= limit else {
            throw .invalid(field: field, expected: "at most \(limit)", got: "\(count)")
        }
    }

    /// Node names become file names, host labels and metric labels: [a-z0-9-], 1 to 63 characters.
    static func nodeName(_ name: String, _ field: String) throws(WireError) {
        guard name.isNodeName else {
            throw .invalid(
                field: field, expected: "a node name: 1 to 63 of a-z, 0-9 and '-'", got: WireError.quoted(name))
        }
    }

    static func traceparent(_ text: String) throws(WireError) {
        guard text.isTraceparent else {
            throw .invalid(
                field: "traceparent", expected: "version-trace-parent-flags in hexadecimal (W3C trace context)",
                got: WireError.quoted(text))
        }
    }

    /// Throws unless `offset ..< offset + length` exists within `total` bytes.
    static func range(offset: UInt64, length: UInt64, total: UInt64, _ field: String) throws(WireError) {
        let (end, overflow) = offset.addingReportingOverflow(length)
        guard !overflow, end <= total else {
            throw .invalid(field: field, expected: "an offset within \(total) bytes", got: "\(offset) + \(length)")
        }
    }
}

extension String {
    /// Whether this can name a node: 1 to 63 of a-z, 0-9 and '-'.
    package var isNodeName: Bool {
        (1...63).contains(utf8.count)
            && utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    /// Whether this has the form `00-<32 digits>-<16 digits>-<2 digits>` of W3C Trace Context, section 3.2.
    package var isTraceparent: Bool {
        utf8.count == 55
            && utf8.enumerated().allSatisfy { index, byte in
                switch index {
                case 2, 35, 52: byte == UInt8(ascii: "-")
                default: byte.isLowerCaseHexadecimalDigit
                }
            }
    }
}

extension UInt8 {
    var isLowerCaseHexadecimalDigit: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
        default: false
        }
    }
}

/// A W3C trace context header, `00-<32 hex trace id>-<16 hex parent id>-<2 hex flags>`.
struct TraceParent: Equatable {
    var traceID: String
    var parentID: String
    var isSampled: Bool

    /// Nil where the header is invalid: the trace is then ignored, as the recommendation demands. A later version than
    /// 00 counts as far as version 00 goes.
    init?(_ header: String) {
        let bytes = Array(header.utf8)
        guard bytes.count >= 55 else { return nil }
        let isLater = !bytes.starts(with: "00".utf8)
        guard isLater ? bytes.count == 55 || bytes[55] == UInt8(ascii: "-") : bytes.count == 55 else { return nil }
        let parts = bytes[..<55].split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.map(\.count) == [2, 32, 16, 2], parts.joined().allSatisfy(Self.isLowerHexadecimal),
            !parts[0].elementsEqual("ff".utf8), parts[1].contains(where: { $0 != UInt8(ascii: "0") }),
            parts[2].contains(where: { $0 != UInt8(ascii: "0") }),
            let flags = UInt8(String(decoding: parts[3], as: UTF8.self), radix: 16)
        else { return nil }
        traceID = String(decoding: parts[1], as: UTF8.self)
        parentID = String(decoding: parts[2], as: UTF8.self)
        isSampled = flags & 1 == 1
    }

    /// Nil too where a request has the field more than once: there is no telling which one counts.
    init?(fields: [String]) {
        guard fields.count == 1 else { return nil }
        self.init(fields[0])
    }

    /// What is sent on: the same trace, with this hop as the parent.
    func child(id: UInt64) -> String {
        let digits = String(max(id, 1), radix: 16)
        let padding = String(repeating: "0", count: 16 - digits.count)
        return "00-\(traceID)-\(padding)\(digits)-\(isSampled ? "01" : "00")"
    }

    private static func isLowerHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}

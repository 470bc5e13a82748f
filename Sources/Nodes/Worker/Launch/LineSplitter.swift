/// Cuts a stream of bytes into lines of a limited length.
struct LineSplitter {
    /// Bytes of a line that are kept; a longer one goes on in the next.
    let limit: Int
    private var open: [UInt8] = []

    private static let newline = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    init(limit: Int) {
        self.limit = limit
    }

    /// The lines that these bytes complete.
    mutating func add(_ bytes: [UInt8]) -> [String] {
        var lines: [String] = []
        for byte in bytes {
            guard byte != Self.newline else {
                lines.append(take())
                continue
            }
            open.append(byte)
            // A carriage return behind a full line may belong to its line break.
            if open.count > limit + 1 || (open.count > limit && byte != Self.carriageReturn) { lines.append(cut()) }
        }
        return lines
    }

    /// What is left when the stream ends without a line break.
    mutating func finish() -> [String] {
        open.isEmpty ? [] : [take()]
    }

    private mutating func take() -> String {
        defer { open.removeAll(keepingCapacity: true) }
        if open.last == Self.carriageReturn { open.removeLast() }
        return String(decoding: open, as: UTF8.self)
    }

    /// As much of a line that is too long as has room, up to where a character begins: of UTF-8's at most four bytes all
    /// but the first have the bits 10 in front.
    private mutating func cut() -> String {
        let end = (max(limit - 3, 1)...limit).last(where: { open[$0] & 0b1100_0000 != 0b1000_0000 }) ?? limit
        defer { open.removeFirst(end) }
        return String(decoding: open[..<end], as: UTF8.self)
    }
}

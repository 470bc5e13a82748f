/// Cuts a stream of bytes into lines of a limited length.
struct LineSplitter {
    /// Bytes of a line that are kept; a longer one goes on in the next.
    let limit: Int
    private var open: [UInt8] = []

    init(limit: Int) {
        self.limit = limit
    }

    /// The lines that these bytes complete.
    mutating func add(_ bytes: [UInt8]) -> [String] {
        var lines: [String] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                lines.append(take())
            } else {
                open.append(byte)
                if open.count >= limit { lines.append(take()) }
            }
        }
        return lines
    }

    /// What is left when the stream ends without a line break.
    mutating func finish() -> [String] {
        open.isEmpty ? [] : [take()]
    }

    private mutating func take() -> String {
        defer { open.removeAll(keepingCapacity: true) }
        if open.last == UInt8(ascii: "\r") { open.removeLast() }
        return String(decoding: open, as: UTF8.self)
    }
}

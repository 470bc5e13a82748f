import Wire

extension JSONCursor {
    /// Goes past one value of any kind, checking its form. Depth is counted, not recursed into.
    mutating func skipValue() throws(Failure) {
        var closers: [UInt8] = []
        repeat {
            skipWhitespace()
            switch current {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                guard closers.count < Self.maximumDepth else {
                    throw Failure(
                        .invalidArgument,
                        "JSON, byte \(position): values may be nested \(Self.maximumDepth) deep, this one is deeper")
                }
                let isObject = current == UInt8(ascii: "{")
                position += 1
                let closer = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
                if !consume(closer) {
                    closers.append(closer)
                    if isObject { try skipKey() }
                    continue
                }
            case UInt8(ascii: "\""): try skipString()
            case UInt8(ascii: "t") where literal("true"), UInt8(ascii: "f") where literal("false"),
                UInt8(ascii: "n") where literal("null"):
                break
            default: _ = try number("a value")
            }
            try closeContainers(&closers)
        } while !closers.isEmpty
    }

    /// After a value: closes what ends here, or stands before the next value.
    private mutating func closeContainers(_ closers: inout [UInt8]) throws(Failure) {
        while let closer = closers.last {
            if consume(UInt8(ascii: ",")) {
                if closer == UInt8(ascii: "}") { try skipKey() }
                return
            }
            try expect(closer, "',' or '\(Character(Unicode.Scalar(closer)))'")
            closers.removeLast()
        }
    }

    private mutating func skipKey() throws(Failure) {
        skipWhitespace()
        guard current == UInt8(ascii: "\"") else { throw unexpected("a key in quotes") }
        try skipString()
        try expect(UInt8(ascii: ":"), "':' after a key")
    }
}

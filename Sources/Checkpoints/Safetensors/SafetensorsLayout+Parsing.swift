extension SafetensorsLayout {
    /// The length of the header that the first eight bytes of a file tell. Throws if it cannot be one of a file of
    /// `fileBytes`.
    public static func headerLength(_ prefix: [UInt8], fileBytes: Int) throws(SafetensorsError) -> Int {
        guard prefix.count == lengthBytes else { throw .truncated(expected: lengthBytes, found: prefix.count) }
        let length = prefix.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(maximumHeaderBytes) else { throw .headerTooLong(length) }
        let end = lengthBytes + Int(length)
        guard end <= fileBytes else { throw .truncated(expected: end, found: fileBytes) }
        return Int(length)
    }

    /// Reads the length and the header of a file of `fileBytes`, and trusts nothing in it: every byte behind the
    /// header belongs to exactly one tensor, as many as its type and shape need.
    public init(parsing header: [UInt8], fileBytes: Int) throws(SafetensorsError) {
        let length = try Self.headerLength(Array(header.prefix(Self.lengthBytes)), fileBytes: fileBytes)
        guard header.count == Self.lengthBytes + length else {
            throw .truncated(expected: Self.lengthBytes + length, found: header.count)
        }
        var parser = SafetensorsHeaderParser(Array(header[Self.lengthBytes...]))
        let (entries, metadata) = try parser.parse()
        // Empty tensors share their place with the next one, and come before it.
        let ordered = entries.sorted { ($0.start, $0.end) < ($1.start, $1.end) }
        var tensors: [Tensor] = []
        var end = 0
        for entry in ordered {
            let tensor = try Self.tensor(entry)
            guard tensor.bytes.lowerBound == end else {
                throw .misplaced(tensor: tensor.name, expected: end, found: tensor.bytes.lowerBound)
            }
            end = tensor.bytes.upperBound
            tensors.append(tensor)
        }
        let dataBytes = fileBytes - header.count
        guard end <= dataBytes else { throw .truncated(expected: end + header.count, found: fileBytes) }
        guard end == dataBytes else { throw .trailingBytes(dataBytes - end) }
        self.init(tensors, metadata, header)
    }

    private static func tensor(_ entry: SafetensorsHeaderParser.Entry) throws(SafetensorsError) -> Tensor {
        guard let elementType = ElementType(rawValue: entry.elementType) else {
            throw .unknownElementType(entry.elementType, tensor: entry.name)
        }
        guard let size = byteCount(elementType, entry.shape) else { throw .badShape(entry.name, entry.shape) }
        // Both are at least 0, so the difference cannot overflow.
        guard entry.end - entry.start == size else {
            throw .wrongSize(tensor: entry.name, expected: size, found: entry.end - entry.start)
        }
        return Tensor(
            name: entry.name, elementType: elementType, shape: entry.shape, bytes: entry.start..<entry.end)
    }
}

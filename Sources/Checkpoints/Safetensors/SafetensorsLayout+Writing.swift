extension SafetensorsLayout {
    /// What a byte range of the file is made of.
    public enum Piece: Sendable, Equatable {
        /// These bytes of `header`.
        case header(Range<Int>)
        /// These bytes of the tensor at this index, counted from its first byte.
        case tensor(Int, Range<Int>)
    }

    /// The pieces of a byte range of the file, in order; together exactly as long as the range.
    public func pieces(of range: Range<Int>) -> [Piece] {
        precondition(range.lowerBound >= 0 && range.upperBound <= byteCount, "a range of the file")
        var pieces: [Piece] = []
        let head = range.clamped(to: 0..<header.count)
        if !head.isEmpty { pieces.append(.header(head)) }
        for (index, tensor) in tensors.enumerated() where range.overlaps(tensor.bytes) {
            let part = range.clamped(to: tensor.bytes)
            let start = tensor.bytes.lowerBound
            pieces.append(.tensor(index, part.lowerBound - start..<part.upperBound - start))
        }
        return pieces
    }

    /// The range of the file that rank `rank` of `ranks` writes: contiguous, together the whole file, of equal size but
    /// for one byte.
    public func range(ofRank rank: Int, of ranks: Int) -> Range<Int> {
        // Not byteCount * rank / ranks, which would overflow for a file beyond 2^63 / ranks bytes.
        let (share, rest) = byteCount.quotientAndRemainder(dividingBy: ranks)
        let start = share * rank + min(rank, rest)
        return start..<start + share + (rank < rest ? 1 : 0)
    }

    /// Makes a byte range of the file. `copy` gives the asked bytes of a tensor.
    public func bytes(
        of range: Range<Int>,
        copy: (_ tensor: Int, _ bytes: Range<Int>, _ target: UnsafeMutableRawBufferPointer) -> Void
    ) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            var position = 0
            for piece in pieces(of: range) {
                let target = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[position...])
                switch piece {
                case .header(let part):
                    target.copyBytes(from: header[part])
                    position += part.count
                case .tensor(let index, let part):
                    copy(index, part, UnsafeMutableRawBufferPointer(rebasing: target[0..<part.count]))
                    position += part.count
                }
            }
            count = range.count
        }
    }

    /// Keys in a fixed order, so the same tensors and metadata always make the same bytes.
    static func header(_ tensors: [Tensor], _ metadata: [String: String]) -> [UInt8] {
        var entries: [String] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            let texts = pairs.map { "\(jsonString($0.key)):\(jsonString($0.value))" }
            entries.append("\"\(metadataKey)\":{\(texts.joined(separator: ","))}")
        }
        for tensor in tensors {
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            let (start, end) = (tensor.bytes.lowerBound, tensor.bytes.upperBound)
            entries.append(
                "\(jsonString(tensor.name)):{\"dtype\":\"\(tensor.elementType.rawValue)\",\"shape\":[\(shape)],"
                    + "\"data_offsets\":[\(start),\(end)]}")
        }
        var json = Array("{\(entries.joined(separator: ","))}".utf8)
        while json.count % 8 != 0 { json.append(UInt8(ascii: " ")) }
        return withUnsafeBytes(of: UInt64(json.count).littleEndian, Array.init) + json
    }

    /// RFC 8259, section 7.
    private static func jsonString(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\u{0}"..."\u{1F}":
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

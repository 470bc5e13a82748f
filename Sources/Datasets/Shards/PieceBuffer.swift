/// Gathers what is written in small parts into pieces that are worth a system call.
struct PieceBuffer {
    private let sink: ShardSink
    private var bytes: [UInt8] = []

    /// Hands everything that `body` appends to the sink.
    static func write(to sink: ShardSink, _ body: (inout PieceBuffer) throws -> Void) throws {
        try withoutActuallyEscaping(sink) { sink in
            var buffer = PieceBuffer(sink: sink)
            buffer.bytes.reserveCapacity(InputFile.pieceBytes)
            try body(&buffer)
            try buffer.flush()
        }
    }

    mutating func append(_ values: [some BitwiseCopyable]) throws {
        try values.withUnsafeBytes { try append($0) }
    }

    mutating func append(_ part: UnsafeRawBufferPointer) throws {
        if bytes.count + part.count > InputFile.pieceBytes { try flush() }
        if part.count > InputFile.pieceBytes { try sink(part) } else { bytes.append(contentsOf: part) }
    }

    private mutating func flush() throws {
        guard !bytes.isEmpty else { return }
        try bytes.withUnsafeBytes { try sink($0) }
        bytes.removeAll(keepingCapacity: true)
    }
}

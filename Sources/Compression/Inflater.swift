import CZlib

/// Decompresses DEFLATE data (RFC 1951), bare, as zlib (RFC 1950) or as gzip (RFC 1952), piece by piece.
package final class Inflater {
    package enum Container: Int32, Sendable {
        case bare = -15
        case zlib = 15
        case gzip = 31
    }

    /// DEFLATE cannot make more of one byte than this (zlib, Technical Details): a size beyond it is a lie.
    package static let maximumRatio = 1032

    private let container: Container
    private let stream: UnsafeMutablePointer<z_stream>
    package private(set) var isFinished = false

    package init(_ container: Container) {
        self.container = container
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let status = inflateInit2_(stream, container.rawValue, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib cannot be set up: \(status)")
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Decompresses a piece of input and gives what comes of it to `body` in pieces of at most `output`'s size.
    /// Returns how many bytes were taken, fewer than there are once the data is at its end.
    package func inflate(
        _ input: UnsafeRawBufferPointer, through output: UnsafeMutableRawBufferPointer,
        _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> Int {
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
        stream.pointee.avail_in = UInt32(input.count)
        while !isFinished {
            stream.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress
            stream.pointee.avail_out = UInt32(output.count)
            let status = CZlib.inflate(stream, Z_NO_FLUSH)
            let made = output.count - Int(stream.pointee.avail_out)
            if made > 0 { try body(UnsafeRawBufferPointer(rebasing: output[0..<made])) }
            switch status {
            case Z_STREAM_END: isFinished = true
            case Z_OK, Z_BUF_ERROR:
                if stream.pointee.avail_out > 0 { return input.count - Int(stream.pointee.avail_in) }
            default: throw DamagedData(reason: stream.pointee.msg.map { String(cString: $0) } ?? "error \(status)")
            }
        }
        return input.count - Int(stream.pointee.avail_in)
    }

    /// Decompresses a piece of a file all of which is data of this kind. A gzip file may consist of several members one
    /// behind the other (RFC 1952, 2.2), with zeros behind the last that fill the last block of a tape; what is behind other
    /// data is passed over.
    package func inflateFile(
        _ piece: UnsafeRawBufferPointer, through output: UnsafeMutableRawBufferPointer,
        _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var taken = 0
        while taken < piece.count {
            if isFinished {
                guard container == .gzip else { return }
                if piece[taken] == 0 {
                    taken += 1
                    continue
                }
                inflateReset(stream)
                isFinished = false
            }
            taken += try inflate(UnsafeRawBufferPointer(rebasing: piece[taken...]), through: output, body)
        }
    }
}

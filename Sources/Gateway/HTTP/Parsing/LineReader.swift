import NIOCore

/// Takes lines from what has come so far, and looks at each byte once, in however many pieces they come.
struct LineReader {
    enum Problem: Error {
        case tooLong
        /// A line feed without the carriage return before it: some take it for the end of a line, some do not.
        case bareLineFeed
    }

    /// Bytes at the front that hold no line feed.
    private var searched = 0

    /// The next line without its end, once all of it is there.
    mutating func next(_ buffer: inout ByteBuffer, limit: Int) throws(Problem) -> ByteBuffer? {
        let searched = searched
        let found = buffer.withUnsafeReadableBytes { bytes in
            bytes[searched...].firstIndex(of: UInt8(ascii: "\n")).map { end in
                (length: end - 1, isWhole: end > 0 && bytes[end - 1] == UInt8(ascii: "\r"))
            }
        }
        guard let found else {
            self.searched = buffer.readableBytes
            // The last byte may be the first of the line's end.
            guard self.searched <= limit + 1 else { throw .tooLong }
            return nil
        }
        guard found.isWhole else { throw .bareLineFeed }
        guard found.length <= limit else { throw .tooLong }
        self.searched = 0
        let line = buffer.readSlice(length: found.length)
        buffer.moveReaderIndex(forwardBy: 2)
        return line
    }
}

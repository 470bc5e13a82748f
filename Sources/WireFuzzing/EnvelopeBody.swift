/// Where the body lies in an envelope as our encoder writes it: at the end, behind a tag of two bytes and its length.
struct EnvelopeBody {
    let length: Range<Int>
    let content: Range<Int>

    /// Nil when `frame` does not end in a body.
    init?(of frame: [UInt8]) {
        for tag in stride(from: frame.count - 3, through: 0, by: -1) {
            guard frame[tag + 1] == 1, frame[tag] & 0x87 == 0x82 else { continue }
            var count = 0
            var position = tag + 2
            while position < frame.count, position < tag + 5 {
                count |= Int(frame[position] & 0x7f) << (7 * (position - tag - 2))
                position += 1
                if frame[position - 1] & 0x80 == 0 { break }
            }
            if position + count == frame.count {
                length = tag + 2..<position
                content = position..<frame.count
                return
            }
        }
        return nil
    }
}

package import Wire

extension StreamCredit {
    /// Enough that a fast reader never stops a connection of a millisecond, with parts of up to a mebibyte.
    package static let standard = StreamCredit(parts: 32, bytes: 2 << 20)

    /// The bytes that one part may have. With half of the window for the largest part, a reader may keep back less than
    /// half of what it has read and the other side is never stuck.
    var largestPart: Int { bytes / 2 }

    func covers(_ bytes: Int) -> Bool { parts > 0 && bytes <= self.bytes }

    static func += (credit: inout StreamCredit, other: StreamCredit) {
        credit.parts += other.parts
        credit.bytes += other.bytes
    }
}

import Foundation

extension UnsafeRawBufferPointer {
    /// Where the first bytes are that are no well-formed UTF-8 (Unicode 15, table 3-7); nil if all are. O(n), eight bytes
    /// at a time where they are ASCII.
    var firstInvalidUTF8: Int? {
        let scanner = TextScanner(text: self)
        var index = 0
        while index < count {
            if index + 8 <= count,
                loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
            {
                index += 8
                continue
            }
            guard let length = scanner.length(at: index) else { return index }
            index += length
        }
        return nil
    }

    /// Where the first bytes are that are no text: no UTF-8, or a NUL, which no program writes into text. O(n).
    var firstNonText: Int? {
        let damage = firstInvalidUTF8
        guard let start = baseAddress, let zero = memchr(start, 0, damage ?? count) else { return damage }
        return zero - UnsafeMutableRawPointer(mutating: start)
    }

    /// For messages: some of the line around a place, from the start of a character on.
    func surroundings(of place: Int) -> UnsafeRawBufferPointer {
        var start = Swift.max(0, place - 10)
        if let lineEnd = self[start..<place].lastIndex(of: UInt8(ascii: "\n")) { start = lineEnd + 1 }
        while start < place, self[start] & 0xC0 == 0x80 { start += 1 }
        let end = self[place...].firstIndex { $0 == 10 || $0 == 13 } ?? count
        return UnsafeRawBufferPointer(rebasing: self[start..<Swift.min(end, start + 41)])
    }

    /// Holds bytes beyond ASCII, so that the same text may be written in several ways.
    var hasBeyondASCII: Bool { contains { $0 >= 0x80 } }

    /// For messages: the text cut at 40 bytes, where a byte that belongs to no character is written `\xE4`.
    var excerpt: String {
        let scanner = TextScanner(text: self)
        var text = ""
        var index = 0
        while index < Swift.min(count, 40) {
            if let length = scanner.length(at: index) {
                text += String(decoding: self[index..<index + length], as: UTF8.self)
                index += length
            } else {
                text += "\\x" + (self[index] < 16 ? "0" : "") + String(self[index], radix: 16, uppercase: true)
                index += 1
            }
        }
        return count > 40 ? text + "…" : text
    }
}

/// What is told of bytes that are no UTF-8. The remedy names the encoding that they most likely are in.
enum UTF8Problem {
    static func message(_ bytes: UnsafeRawBufferPointer) -> String {
        let place = bytes.firstNonText
        let near = place.map(bytes.surroundings) ?? bytes
        if let place, bytes[place] == 0 {
            return "'\(near.excerpt)' holds a NUL byte: the file is no text, or not in UTF-8"
        }
        return "'\((bytes.count > 40 ? near : bytes).excerpt)' is not UTF-8: convert the file, for example by "
            + "`iconv -f WINDOWS-1252 -t UTF-8 FILE` if it is in Latin-1"
    }
}

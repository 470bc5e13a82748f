/// Spoils bytes in the ways that parsers trip over: flipped bits, cut and doubled ranges, spliced messages, lengths
/// that promise more than there is.
package struct Mutator: Sendable {
    private var random: SplitMix64

    package init(seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    /// One of `samples`, changed in one place or a few. Half of the time the changes lie inside the body and its
    /// length is set right again, so that they get past the envelope to what decodes the body.
    package mutating func frame(from samples: [[UInt8]]) -> [UInt8] {
        var bytes = samples.randomElement(using: &random) ?? []
        guard Bool.random(using: &random), let body = EnvelopeBody(of: bytes) else {
            change(&bytes, samples)
            return bytes
        }
        var content = Array(bytes[body.content])
        change(&content, samples)
        return bytes[..<body.length.lowerBound] + varint(UInt64(content.count)) + content
    }

    private mutating func change(_ bytes: inout [UInt8], _ samples: [[UInt8]]) {
        repeat { changeOnce(&bytes, samples) } while Bool.random(using: &random)
    }

    private mutating func changeOnce(_ bytes: inout [UInt8], _ samples: [[UInt8]]) {
        let range = someRange(in: bytes)
        switch UInt8.random(in: 0..<9, using: &random) {
        case 0 where !bytes.isEmpty:
            bytes[position(in: bytes)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1 where !bytes.isEmpty:
            bytes[position(in: bytes)] = [0, 1, 0x7f, 0x80, 0xfe, 0xff].randomElement(using: &random)!
        case 2:
            bytes.removeSubrange(range)
        case 3:
            bytes.removeSubrange(range.lowerBound...)
        case 4:
            bytes.insert(contentsOf: bytes[range], at: range.lowerBound)
        case 5:
            let other = samples.randomElement(using: &random) ?? []
            bytes.replaceSubrange(range, with: other[someRange(in: other)])
        case 6:
            let noise = (0..<Int.random(in: 1...32, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            bytes.insert(contentsOf: noise, at: range.lowerBound)
        case 7:
            bytes.insert(
                contentsOf: varint(random.next() >> UInt64.random(in: 0..<64, using: &random)), at: range.lowerBound)
        default:
            // A tag of field 1 to 31 of any wire type: known fields of the wrong type, doubled bodies.
            bytes.insert(contentsOf: varint(UInt64.random(in: 8..<256, using: &random)), at: range.lowerBound)
        }
        if bytes.count > 1 << 16 { bytes.removeSubrange((1 << 16)...) }
    }

    private mutating func position(in bytes: [UInt8]) -> Int {
        Int.random(in: 0..<bytes.count, using: &random)
    }

    private mutating func someRange(in bytes: [UInt8]) -> Range<Int> {
        let start = Int.random(in: 0...bytes.count, using: &random)
        return start..<Int.random(in: start...min(bytes.count, start + 64), using: &random)
    }

    private func varint(_ number: UInt64) -> [UInt8] {
        var rest = number
        var bytes: [UInt8] = []
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }
}

import Compression
@testable import Datasets

/// Writes PNG files of every kind, uncompressed: the samples are as they are given.
struct PNGWriter {
    enum Colour: UInt8, CaseIterable {
        case grey = 0, colour = 2, palette = 3, greyAlpha = 4, colourAlpha = 6

        var samples: Int {
            switch self {
            case .grey, .palette: 1
            case .greyAlpha: 2
            case .colour: 3
            case .colourAlpha: 4
            }
        }

        var depths: [Int] {
            switch self {
            case .grey: [1, 2, 4, 8, 16]
            case .palette: [1, 2, 4, 8]
            case .colour, .greyAlpha, .colourAlpha: [8, 16]
            }
        }
    }

    var width: Int
    var height: Int
    var colour: Colour
    var depth: Int
    var isInterlaced = false
    /// Three bytes an entry.
    var palette: [UInt8] = []
    /// The alpha of the first palette entries, or the samples of the colour that is transparent, two bytes each.
    var transparency: [UInt8] = []
    /// Rows x columns x samples of a pixel.
    var samples: [Int]
    /// Chunks before the samples and behind them.
    var before: [(name: String, content: [UInt8])] = []
    var behind: [(name: String, content: [UInt8])] = []

    var bytes: [UInt8] {
        var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        let kind: [UInt8] = [UInt8(depth), colour.rawValue, 0, 0, isInterlaced ? 1 : 0]
        bytes += Self.chunk("IHDR", big(width) + big(height) + kind)
        if !palette.isEmpty { bytes += Self.chunk("PLTE", palette) }
        if !transparency.isEmpty { bytes += Self.chunk("tRNS", transparency) }
        for (name, content) in before { bytes += Self.chunk(name, content) }
        bytes += Self.chunk("IDAT", Self.stored(rows))
        for (name, content) in behind { bytes += Self.chunk(name, content) }
        return bytes + Self.chunk("IEND", [])
    }

    /// All rows of all passes, each behind its filter.
    private var rows: [UInt8] {
        let passes =
            isInterlaced
            ? [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
            : [(0, 0, 1, 1)]
        var bytes: [UInt8] = []
        for (x, y, dx, dy) in passes where x < width {
            for row in stride(from: y, to: height, by: dy) {
                bytes.append(0)
                bytes += packed(
                    stride(from: x, to: width, by: dx).flatMap { column in
                        (0..<colour.samples).map { samples[(row * width + column) * colour.samples + $0] }
                    })
            }
        }
        return bytes
    }

    private func packed(_ samples: [Int]) -> [UInt8] {
        if depth == 16 { return samples.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] } }
        let perByte = 8 / depth
        return stride(from: 0, to: samples.count, by: perByte).map { first in
            (0..<perByte).reduce(UInt8(0)) { byte, index in
                let sample = first + index < samples.count ? samples[first + index] : 0
                return byte | UInt8(sample) << UInt8(8 - depth * (index + 1))
            }
        }
    }

    private func big(_ number: Int) -> [UInt8] { Self.big(UInt32(number)) }

    private static func big(_ number: UInt32) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }

    private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
        let named = Array(name.utf8) + content
        var sum = CRC32()
        named.withUnsafeBytes { sum.update($0) }
        return big(UInt32(content.count)) + named + big(sum.value)
    }

    /// zlib data (RFC 1950) of stored blocks.
    private static func stored(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = [0x78, 0x01]
        var position = 0
        repeat {
            let count = min(65535, bytes.count - position)
            let isLast = position + count == bytes.count
            result.append(isLast ? 1 : 0)
            for length in [UInt16(count), ~UInt16(count)] {
                withUnsafeBytes(of: length.littleEndian) { result.append(contentsOf: $0) }
            }
            result += bytes[position..<position + count]
            position += count
        } while position < bytes.count
        var (a, b): (UInt32, UInt32) = (1, 0)
        for byte in bytes {
            a = (a + UInt32(byte)) % 65521
            b = (b + a) % 65521
        }
        return result + big(b << 16 | a)
    }
}

extension PNGWriter {
    /// Of any kind and size, with or without transparency.
    static func random(_ random: inout FuzzRandom) -> PNGWriter {
        let colour = Colour.allCases[random.below(Colour.allCases.count)]
        let depth = colour.depths[random.below(colour.depths.count)]
        let (width, height) = (1 + random.below(19), 1 + random.below(19))
        var picture = PNGWriter(
            width: width, height: height, colour: colour, depth: depth, isInterlaced: random.below(2) == 1,
            samples: (0..<width * height * colour.samples).map { _ in random.below(1 << depth) })
        let isTransparent = random.below(2) == 1
        switch colour {
        case .palette:
            picture.palette = (0..<3 << depth).map { _ in UInt8(random.below(256)) }
            if isTransparent {
                picture.transparency = (0...random.below(1 << depth)).map { _ in UInt8(random.below(256)) }
            }
        case .grey, .colour:
            // The colour of some pixel, so that there is one.
            let pixel = random.below(width * height) * colour.samples
            if isTransparent {
                picture.transparency = picture.samples[pixel..<pixel + colour.samples].flatMap {
                    [UInt8($0 >> 8), UInt8($0 & 255)]
                }
            }
        case .greyAlpha, .colourAlpha: break
        }
        if random.below(3) == 0 { picture.before.append(("gAMA", [0, 0, 0xB1, 0x8F])) }
        return picture
    }

    /// Red, green and blue of each pixel in 8 bits, by the rule alone: coded value x alpha, rounded once.
    var expectedColours: [UInt8] {
        let full = (1 << depth) - 1
        func rounded(_ value: Int, _ alpha: Int, of full: Int) -> UInt8 {
            UInt8((2 * 255 * value * alpha + full * full) / (2 * full * full))
        }
        let hidden = colour == .palette ? [] : transparency
        return (0..<width * height).flatMap { pixel -> [UInt8] in
            let own = Array(samples[pixel * colour.samples..<(pixel + 1) * colour.samples])
            if colour == .palette {
                let alpha = own[0] < transparency.count ? Int(transparency[own[0]]) : 255
                return (0..<3).map { rounded(Int(palette[own[0] * 3 + $0]), alpha, of: 255) }
            }
            var alpha = full
            if colour == .greyAlpha || colour == .colourAlpha { alpha = own[own.count - 1] }
            if !hidden.isEmpty, own.flatMap({ [UInt8($0 >> 8), UInt8($0 & 255)] }) == hidden { alpha = 0 }
            let colours = colour.samples < 3 ? [own[0], own[0], own[0]] : Array(own[0..<3])
            return colours.map { rounded($0, alpha, of: full) }
        }
    }
}

import CJPEGWriting
import Compression
@testable import Datasets
import Foundation
import Testing

/// The one rule by which pictures become numbers, whatever their format.
@Suite struct ImageRuleTests {
    private func grey(_ colours: [UInt8]) -> [UInt8] {
        stride(from: 0, to: colours.count, by: 3).map { pixel in
            let (red, green, blue) = (Int(colours[pixel]), Int(colours[pixel + 1]), Int(colours[pixel + 2]))
            // Pillow's numbers, which two fixtures hold as well.
            return UInt8((19595 * red + 38470 * green + 7471 * blue + 32768) / 65536)
        }
    }

    private func pixels(_ bytes: [UInt8], channels: Int) throws -> [UInt8] {
        try ImageDecoder.decode(bytes, channels: channels).pixels
    }

    /// Of both formats, with and without gamma and profiles, in 8 and 16 bits.
    @Test func samplesAreTheCodedValues() throws {
        let deep = PNGWriter(width: 2, height: 1, colour: .grey, depth: 16, samples: [128 * 257, 65535])
        #expect(try pixels(deep.bytes, channels: 1) == [128, 255])
        var corrected = deep
        corrected.before = [("gAMA", [0, 1, 0x86, 0xA0])]
        #expect(try pixels(corrected.bytes, channels: 1) == [128, 255])
        let colours = PNGWriter(
            width: 1, height: 1, colour: .colourAlpha, depth: 16, samples: [200 * 257, 100 * 257, 0, 32768])
        #expect(try pixels(colours.bytes, channels: 3) == [100, 50, 0])
        let half = PNGWriter(width: 1, height: 1, colour: .colourAlpha, depth: 8, samples: [255, 100, 0, 128])
        #expect(try pixels(half.bytes, channels: 3) == [128, 50, 0])
    }

    @Test func greyIsTheLumaOfTheColoursInEveryFormat() throws {
        for (red, green, blue, luma) in [(255, 0, 0, 76), (0, 255, 0, 150), (0, 0, 255, 29), (255, 255, 255, 255)] {
            let flat = (0..<64).flatMap { _ in [red, green, blue] }
            let png = PNGWriter(width: 8, height: 8, colour: .colour, depth: 8, samples: flat)
            let jpeg = JPEGWriter(width: 8, height: 8, kind: jpeg_colour, quality: 100, pixels: flat.map { UInt8($0) })
            #expect(try pixels(png.bytes, channels: 1) == [UInt8](repeating: UInt8(luma), count: 64))
            // Of the JPEG the colours themselves may be off by one.
            #expect(try pixels(jpeg.bytes, channels: 1).allSatisfy { abs(Int($0) - luma) <= 1 })
            #expect(try pixels(jpeg.bytes, channels: 1) == grey(pixels(jpeg.bytes, channels: 3)))
        }
        let png = try ImageDecoder.decode(Fixtures.bytes("pictures/circle/0.png"), channels: 1)
        #expect(try png.pixels.map(Double.init) == Fixtures.numbers("colour to grey"))
        // libjpeg's versions differ by one here and there.
        let jpeg = try ImageDecoder.decode(Fixtures.bytes("progressive.jpg"), channels: 1)
        #expect(try zip(jpeg.pixels, Fixtures.numbers("jpeg to grey")).allSatisfy { abs(Double($0) - $1) <= 2 })
    }

    @Test func everyKindOfPNGIsDecodedByTheRule() throws {
        var random = FuzzRandom(state: 3)
        for _ in 0..<400 {
            let picture = PNGWriter.random(&random)
            let what: Comment = "\(picture.colour), \(picture.depth) bits, interlaced: \(picture.isInterlaced)"
            let expected = picture.expectedColours
            #expect(try pixels(picture.bytes, channels: 3) == expected, what)
            #expect(try pixels(picture.bytes, channels: 1) == grey(expected), what)
        }
    }

    /// What a JPEG file decodes to gives the same numbers as a PNG file of these pixels.
    @Test func aPictureIsTheSameInBothFormats() throws {
        var random = FuzzRandom(state: 5)
        for _ in 0..<100 {
            let bytes = JPEGWriter.random(&random).bytes
            let colours = try ImageDecoder.decode(bytes, channels: 3)
            let png = PNGWriter(
                width: colours.width, height: colours.height, colour: .colour, depth: 8,
                samples: colours.pixels.map { Int($0) })
            for channels in [1, 3] {
                let jpeg = try ImageDecoder.decode(bytes, channels: channels)
                #expect(try ImageDecoder.decode(png.bytes, channels: channels) == jpeg)
            }
        }
    }

    @Test func fourInksBecomeColours() throws {
        let decoded = try ImageDecoder.decode(Fixtures.bytes("inks.jpg"), channels: 3)
        let expected = try Fixtures.numbers("inks")
        #expect(decoded.pixels.count == expected.count)
        #expect(zip(decoded.pixels, expected).allSatisfy { abs(Double($0) - $1) <= 2 })
        // No ink, all of the black, and cyan alone, stored inverted.
        for (inks, colour) in [
            ([255, 255, 255, 255], [255, 255, 255]), ([255, 255, 255, 0], [0, 0, 0]),
            ([0, 255, 255, 255], [0, 255, 255]),
            ([255, 255, 255, 128], [128, 128, 128]),
        ] as [([UInt8], [UInt8])] {
            for kind in [jpeg_inks, jpeg_inks_as_ycck] {
                let flat = (0..<64).flatMap { _ in inks }
                let file = JPEGWriter(width: 8, height: 8, kind: kind, quality: 100, pixels: flat).bytes
                let found = try pixels(file, channels: 3)
                #expect(zip(found, (0..<64).flatMap { _ in colour }).allSatisfy { abs(Int($0) - Int($1)) <= 2 })
            }
        }
    }

    /// All eight ways, as Pillow's `exif_transpose` turns them.
    @Test(arguments: 1...8) func picturesAreTurnedAsTheySay(orientation: Int) throws {
        for ending in ["png", "jpg"] {
            let name = "\(orientation).\(ending)"
            let turned = try ImageDecoder.decode(Fixtures.bytes("turned/\(name)"), channels: 3)
            let expected = try Fixtures.numbers("turned \(name)")
            #expect(turned.width == (orientation < 5 ? 14 : 10))
            #expect(turned.height == (orientation < 5 ? 10 : 14))
            #expect(turned.pixels.count == expected.count)
            let tolerance = ending == "png" ? 0.0 : 2
            #expect(zip(turned.pixels, expected).allSatisfy { abs(Double($0) - $1) <= tolerance }, "\(name)")
        }
    }

    @Test func theOrientationIsFoundWhereverItStands() throws {
        let samples = [10, 20, 30, 40, 50, 60]
        for isBigEndian in [true, false] {
            let block = exif(orientation: 6, bigEndian: isBigEndian)
            var png = PNGWriter(width: 3, height: 2, colour: .grey, depth: 8, samples: samples)
            png.behind = [("eXIf", block)]
            #expect(try pixels(png.bytes, channels: 1) == [40, 10, 50, 20, 60, 30])
            let jpeg = JPEGWriter(width: 9, height: 2, kind: jpeg_grey, pixels: [UInt8](repeating: 7, count: 18)).bytes
            #expect(try ImageDecoder.decode(JPEGWriter.adding(exif: block, to: jpeg), channels: 1).height == 9)
        }
        // A number that is no orientation, and a chunk whose check sum is wrong.
        for orientation in [0, 9, 65535] {
            var png = PNGWriter(width: 3, height: 2, colour: .grey, depth: 8, samples: samples)
            png.before = [("eXIf", exif(orientation: orientation, bigEndian: true))]
            #expect(try pixels(png.bytes, channels: 1) == samples.map { UInt8($0) })
        }
        var png = PNGWriter(width: 3, height: 2, colour: .grey, depth: 8, samples: samples)
        png.before = [("eXIf", exif(orientation: 6, bigEndian: true))]
        var damaged = png.bytes
        let chunk = try #require(damaged.firstRange(of: Array("eXIf".utf8)))
        damaged[chunk.upperBound + 26] ^= 1
        #expect(try pixels(damaged, channels: 1) == samples.map { UInt8($0) })
    }

    /// Of both formats in the same words.
    @Test func whatIsCutOffIsSaid() throws {
        let files = [
            PNGWriter(width: 16, height: 16, colour: .grey, depth: 8, samples: (0..<256).map { $0 * 7 % 256 }).bytes,
            JPEGWriter(width: 16, height: 16, kind: jpeg_grey, pixels: (0..<256).map { UInt8($0 * 7 % 256) }).bytes,
        ]
        for bytes in files {
            let error = #expect(throws: ArrayError.self) {
                try ImageDecoder.decode(Array(bytes.prefix(bytes.count * 2 / 3)), channels: 1)
            }
            #expect("\(try #require(error))".hasSuffix("cannot be decoded: the file ends too early"))
        }
    }

    /// A header can promise any size, and a chunk any length: both are refused before memory is taken for them.
    @Test func promisesAreCheckedFirst() throws {
        let small = PNGWriter(width: 4, height: 4, colour: .colour, depth: 8, samples: [Int](repeating: 9, count: 48))
        for (width, height) in [(1 << 31 - 1, 1 << 31 - 1), (1 << 31, 4), (1 << 15 + 1, 1), (1 << 14, 1 << 13), (0, 4)]
        {
            var bytes = small.bytes
            let sizes = [width, height].flatMap { size in
                withUnsafeBytes(of: UInt32(truncatingIfNeeded: size).bigEndian) { Array($0) }
            }
            bytes.replaceSubrange(16..<24, with: sizes)
            var sum = CRC32()
            bytes[12..<29].withUnsafeBytes { sum.update($0) }
            bytes.replaceSubrange(29..<33, with: withUnsafeBytes(of: sum.value.bigEndian) { Array($0) })
            let error = #expect(throws: ArrayError.self) { try ImageDecoder.decode(bytes, channels: 3) }
            #expect(error?.message.contains(width > 0 && width < 1 << 31 ? "too large" : "PNG") == true)
        }
        var jpeg = JPEGWriter(width: 4, height: 4, kind: jpeg_colour, pixels: [UInt8](repeating: 9, count: 48)).bytes
        let frame = try #require(jpeg.firstRange(of: [0xFF, 0xC0]))
        jpeg.replaceSubrange(frame.lowerBound + 5..<frame.lowerBound + 9, with: [0xFF, 0xFF, 0xFF, 0xFF])
        #expect(throws: ArrayError.self) { try ImageDecoder.decode(jpeg, channels: 3) }
    }

    @Test func damagedFilesOfEveryKindDoNoMoreThanThrow() throws {
        var random = FuzzRandom(state: 7)
        for _ in 0..<60 {
            let png = PNGWriter.random(&random)
            let jpeg = JPEGWriter.random(&random).bytes
            for bytes in [png.bytes, JPEGWriter.adding(exif: exif(orientation: 5, bigEndian: true), to: jpeg)] {
                try fuzz(bytes, rounds: 60) { bytes in
                    do { _ = try ImageDecoder.decode(bytes, channels: 3) } catch is ArrayError {}
                }
            }
        }
        fuzz(exif(orientation: 3, bigEndian: false), rounds: 5_000) { block in
            let file: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE1, 0, UInt8(block.count + 8)] + Array("Exif\0\0".utf8) + block
            _ = ImageOrientation(ofFile: file)
        }
    }
}

internal import CImages
internal import CPNG
internal import Foundation

/// Decodes PNG and JPEG files into bytes of one or three channels.
enum ImageDecoder {
    /// A picture's pixels row by row, channels of a pixel side by side.
    struct Picture: Equatable {
        var width: Int
        var height: Int
        var channels: Int
        var pixels: [UInt8]
    }

    /// Larger files and pictures are refused before they are decoded.
    static let maximumFileBytes = 64 << 20
    static let maximumPixels = 64 << 20
    static let maximumSide = 1 << 15

    /// Throws `ArrayError`.
    static func decode(_ bytes: [UInt8], channels: Int) throws -> Picture {
        guard bytes.count <= maximumFileBytes else {
            throw ArrayError("\(bytes.count) bytes are too many for a picture, at most \(maximumFileBytes) are read")
        }
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) { return try decodePNG(bytes, channels: channels) }
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return try decodeJPEG(bytes, channels: channels) }
        throw ArrayError("it is neither a PNG nor a JPEG picture")
    }

    private static func checkSize(width: Int, height: Int) throws {
        guard (1...maximumSide).contains(width), (1...maximumSide).contains(height), width * height <= maximumPixels
        else {
            throw ArrayError("a picture of \(width) x \(height) pixels is too large")
        }
    }

    /// By libpng's simplified interface, which returns where libpng itself would jump.
    private static func decodePNG(_ bytes: [UInt8], channels: Int) throws -> Picture {
        var image = png_image()
        image.version = UInt32(PNG_IMAGE_VERSION)
        defer { png_image_free(&image) }
        func reason() -> ArrayError {
            let text = withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            return ArrayError("the PNG picture cannot be decoded: \(text)")
        }
        return try bytes.withUnsafeBytes { source in
            guard png_image_begin_read_from_memory(&image, source.baseAddress, source.count) != 0 else {
                throw reason()
            }
            let (width, height) = (Int(image.width), Int(image.height))
            try checkSize(width: width, height: height)
            // 8 bits a sample; transparency is laid over black.
            image.format = channels == 1 ? 0 : UInt32(PNG_FORMAT_FLAG_COLOR)
            var pixels = [UInt8](repeating: 0, count: width * height * channels)
            var background = png_color(red: 0, green: 0, blue: 0)
            let status = pixels.withUnsafeMutableBytes {
                png_image_finish_read(&image, &background, $0.baseAddress, Int32(width * channels), nil)
            }
            // A warning is 1, an error 2: a damaged picture is no sample.
            guard status != 0, image.warning_or_error & 2 == 0 else { throw reason() }
            return Picture(width: width, height: height, channels: channels, pixels: pixels)
        }
    }

    private static func decodeJPEG(_ bytes: [UInt8], channels: Int) throws -> Picture {
        var size = martlet_jpeg_size()
        var message = [CChar](repeating: 0, count: Int(MARTLET_JPEG_MESSAGE))
        func reason() -> ArrayError {
            let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            return ArrayError("the JPEG picture cannot be decoded: \(String(decoding: text, as: UTF8.self))")
        }
        guard martlet_jpeg_read_size(bytes, bytes.count, &size, &message) == 0 else { throw reason() }
        try checkSize(width: Int(size.width), height: Int(size.height))
        var pixels = [UInt8](repeating: 0, count: Int(size.width) * Int(size.height) * channels)
        guard martlet_jpeg_decode(bytes, bytes.count, size, Int32(channels), &pixels, &message) == 0 else {
            throw reason()
        }
        return Picture(width: Int(size.width), height: Int(size.height), channels: channels, pixels: pixels)
    }
}

extension ImageDecoder.Picture {
    /// Resized, channel by channel: a pixel is the mean of the area that it covers where the picture shrinks, and
    /// bilinear between the nearest where it grows, as Pillow's `BILINEAR` does it.
    func planes(height newHeight: Int, width newWidth: Int) -> [UInt8] {
        let columns = Self.weights(from: width, to: newWidth)
        let rows = Self.weights(from: height, to: newHeight)
        var narrow = [Float](repeating: 0, count: height * newWidth)
        var result = [UInt8](repeating: 0, count: channels * newHeight * newWidth)
        for channel in 0..<channels {
            for row in 0..<height {
                for (column, taps) in columns.enumerated() {
                    var sum: Float = 0
                    for (offset, weight) in taps.weights.enumerated() {
                        sum += weight * Float(pixels[(row * width + taps.first + offset) * channels + channel])
                    }
                    narrow[row * newWidth + column] = sum
                }
            }
            for (row, taps) in rows.enumerated() {
                for column in 0..<newWidth {
                    var sum: Float = 0
                    for (offset, weight) in taps.weights.enumerated() {
                        sum += weight * narrow[(taps.first + offset) * newWidth + column]
                    }
                    result[(channel * newHeight + row) * newWidth + column] = UInt8(min(max(sum + 0.5, 0), 255))
                }
            }
        }
        return result
    }

    /// For each new pixel the old ones that it is made of, by a triangle as wide as the larger of both pixels.
    private static func weights(from old: Int, to new: Int) -> [(first: Int, weights: [Float])] {
        guard old != new else { return (0..<old).map { ($0, [1]) } }
        let scale = Double(old) / Double(new)
        let support = max(scale, 1)
        return (0..<new).map { index in
            let centre = (Double(index) + 0.5) * scale
            let first = max(0, Int(centre - support + 0.5))
            let last = max(first + 1, min(old, Int(centre + support + 0.5)))
            let weights = (first..<last).map { place in
                max(0, 1 - abs((Double(place) + 0.5 - centre) / support))
            }
            let sum = weights.reduce(0, +)
            return (first, weights.map { Float($0 / sum) })
        }
    }
}

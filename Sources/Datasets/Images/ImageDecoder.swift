import CImages

/// Decodes PNG and JPEG files into bytes of one or three channels.
///
/// There is one rule for every format, so that nothing can be learned from how a picture was stored: the samples are those
/// that the file codes, rounded to 8 bits, transparency over black; grey is the luma of the colours; and the picture is
/// turned as its EXIF data says.
enum ImageDecoder {
    /// Larger files and pictures are refused before they are decoded.
    static let maximumFileBytes = 64 << 20
    static let maximumPixels = 64 << 20
    static let maximumSide = 1 << 15

    /// Throws `ArrayError`.
    static func decode(_ bytes: [UInt8], channels: Int) throws -> Picture {
        guard bytes.count <= maximumFileBytes else {
            throw ArrayError("\(bytes.count) bytes are too many for a picture, at most \(maximumFileBytes) are read")
        }
        let orientation = ImageOrientation(ofFile: bytes)
        let coded =
            if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) {
                try decode(bytes, "PNG", martlet_png_read_layout, martlet_png_decode)
            } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
                try decode(bytes, "JPEG", martlet_jpeg_read_layout, martlet_jpeg_decode)
            } else {
                throw ArrayError("it is neither a PNG nor a JPEG picture")
            }
        return coded.converted(toChannels: channels).turned(orientation)
    }

    private typealias LayoutReader = (
        UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<martlet_image_layout>?, UnsafeMutablePointer<CChar>?
    ) -> Int32
    private typealias Decoder = (
        UnsafePointer<UInt8>?, Int, martlet_image_layout, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<CChar>?
    ) -> Int32

    private static func decode(
        _ bytes: [UInt8], _ format: String, _ readLayout: LayoutReader, _ decode: Decoder
    ) throws -> Picture {
        var layout = martlet_image_layout()
        var message = [CChar](repeating: 0, count: Int(MARTLET_IMAGE_MESSAGE))
        func reason() -> ArrayError {
            let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            return ArrayError("the \(format) picture cannot be decoded: \(String(decoding: text, as: UTF8.self))")
        }
        guard readLayout(bytes, bytes.count, &layout, &message) == 0 else { throw reason() }
        let (width, height, channels) = (Int(layout.width), Int(layout.height), Int(layout.channels))
        guard ImageForm.sidesAllowed.contains(width), ImageForm.sidesAllowed.contains(height),
            width * height <= maximumPixels
        else {
            throw ArrayError(
                "a picture of \(width) x \(height) pixels is too large: expected at most \(maximumSide) a side and "
                    + "\(maximumPixels) in all")
        }
        var pixels = [UInt8](repeating: 0, count: width * height * channels)
        guard decode(bytes, bytes.count, layout, &pixels, &message) == 0 else { throw reason() }
        return Picture(width: width, height: height, channels: channels, pixels: pixels)
    }
}

import Foundation

/// A small picture of 8-bit pixels.
package struct Picture: Sendable, Equatable {
    /// 1 for grey, 3 for red, green and blue.
    package var channels: Int
    package var height: Int
    package var width: Int
    /// channels x height x width, the first row on top.
    package var pixels: [UInt8]

    /// Nil unless the pixels are as many as the sides say.
    package init?(channels: Int, height: Int, width: Int, pixels: [UInt8]) {
        guard channels == 1 || channels == 3, height > 0, width > 0, height <= 4096, width <= 4096,
            pixels.count == channels * height * width
        else { return nil }
        self.channels = channels
        self.height = height
        self.width = width
        self.pixels = pixels
    }

    /// A `data:` address that holds the picture itself, as an uncompressed BMP of 24 bits: the one format that is
    /// written in a few lines and read by every browser.
    var address: String {
        let stride = (3 * width + 3) / 4 * 4
        let bodyBytes = stride * height
        var bytes: [UInt8] = []
        bytes.reserveCapacity(54 + bodyBytes)
        func append(_ value: Int, bytes count: Int) {
            for shift in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * shift))) }
        }
        bytes += [UInt8(ascii: "B"), UInt8(ascii: "M")]
        append(54 + bodyBytes, bytes: 4)
        append(0, bytes: 4)
        append(54, bytes: 4)
        // BITMAPINFOHEADER: size, sides, planes, bits, no compression, the rest by default.
        append(40, bytes: 4)
        append(width, bytes: 4)
        append(height, bytes: 4)
        append(1, bytes: 2)
        append(24, bytes: 2)
        for _ in 0..<6 { append(0, bytes: 4) }
        // From the lowest row up, blue first, each row filled up to four bytes.
        for row in (0..<height).reversed() {
            for column in 0..<width {
                for channel in [2, 1, 0] {
                    let plane = channels == 1 ? 0 : channel
                    bytes.append(pixels[(plane * height + row) * width + column])
                }
            }
            for _ in 3 * width..<stride { bytes.append(0) }
        }
        return "data:image/bmp;base64," + Data(bytes).base64EncodedString()
    }
}

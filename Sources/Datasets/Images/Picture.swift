/// A picture's pixels row by row, channels of a pixel side by side.
struct Picture: Equatable {
    var width: Int
    var height: Int
    /// 1: grey, 3: red, green and blue.
    var channels: Int
    var pixels: [UInt8]
}

extension Picture {
    /// Grey as three equal channels, or colours as their luma.
    func converted(toChannels wanted: Int) -> Picture {
        guard wanted != channels else { return self }
        let count = width * height
        let converted = [UInt8](unsafeUninitializedCapacity: count * wanted) { target, filled in
            for pixel in 0..<count {
                if wanted == 1 {
                    target[pixel] = Self.luma(pixels[pixel * 3], pixels[pixel * 3 + 1], pixels[pixel * 3 + 2])
                } else {
                    for channel in 0..<3 { target[pixel * 3 + channel] = pixels[pixel] }
                }
            }
            filled = count * wanted
        }
        return Picture(width: width, height: height, channels: wanted, pixels: converted)
    }

    /// 0.299 R + 0.587 G + 0.114 B of the coded values, rounded (ITU-R BT.601), in parts of 65,536 as Pillow and libjpeg
    /// count it.
    static func luma(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
        let sum: UInt32 = 19595 * UInt32(red) + 38470 * UInt32(green) + 7471 * UInt32(blue)
        return UInt8((sum + 32768) >> 16)
    }

    /// The picture as it was seen when the orientation was recorded.
    func turned(_ orientation: ImageOrientation) -> Picture {
        guard orientation != .upright else { return self }
        var turned = self
        if orientation.swapsSides { (turned.width, turned.height) = (height, width) }
        for row in 0..<turned.height {
            for column in 0..<turned.width {
                let source = orientation.source(row: row, column: column, height: height, width: width)
                for channel in 0..<channels {
                    turned.pixels[(row * turned.width + column) * channels + channel] =
                        pixels[(source.row * width + source.column) * channels + channel]
                }
            }
        }
        return turned
    }
}

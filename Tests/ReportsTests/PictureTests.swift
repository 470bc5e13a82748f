import Foundation
import Testing

@testable import Reports

@Suite struct PictureTests {
    /// Offsets as in the description of BITMAPFILEHEADER and BITMAPINFOHEADER.
    @Test func isABitmap() throws {
        let picture = try #require(
            Picture(channels: 3, height: 2, width: 1, pixels: [1, 2, 3, 4, 5, 6]))
        let address = picture.address
        #expect(address.hasPrefix("data:image/bmp;base64,"))
        let bytes = [UInt8](
            try #require(Data(base64Encoded: String(address.dropFirst("data:image/bmp;base64,".count)))))
        #expect(bytes.count == 54 + 2 * 4)
        #expect(Array(bytes[0..<6]) == [0x42, 0x4D, 62, 0, 0, 0])
        #expect(bytes[10] == 54 && bytes[14] == 40 && bytes[18] == 1 && bytes[22] == 2 && bytes[28] == 24)
        // The lower row first; blue, green, red, and one byte to fill up.
        #expect(Array(bytes[54...]) == [6, 4, 2, 0, 5, 3, 1, 0])
    }

    @Test func hasAsManyPixelsAsItsSidesSay() {
        #expect(Picture(channels: 1, height: 2, width: 2, pixels: [1, 2, 3]) == nil)
        #expect(Picture(channels: 2, height: 1, width: 1, pixels: [1, 2]) == nil)
        #expect(Picture(channels: 1, height: 0, width: 2, pixels: []) == nil)
    }
}

import Datasets
import Foundation
import Testing

@testable import Nodes

@Suite struct SamplePictureTests {
    @Test func valuesBecomeGreysFromZeroOn() throws {
        let picture = try #require(SamplePicture([0, 8, 16, 4], shape: [1, 2, 2]))
        #expect(picture.height == 2 && picture.width == 2 && Array(picture.pixels) == [0, 127, 255, 63])
    }

    @Test func negativeValuesAreTheDarkest() throws {
        let picture = try #require(SamplePicture([-1, 0, 1, 1, 1, 1], shape: [3, 1, 2]))
        #expect(picture.channels == 3 && Array(picture.pixels) == [0, 127, 255, 255, 255, 255])
    }

    @Test func largeOnesAreMadeSmaller() throws {
        let values = [Float](repeating: 2, count: 130 * 65)
        let picture = try #require(SamplePicture(values, shape: [1, 130, 65]))
        #expect(picture.height == 44 && picture.width == 22)
        #expect(picture.pixels.count == 44 * 22 && picture.pixels.allSatisfy { $0 == 255 })
    }

    @Test func anythingElseIsNoPicture() {
        #expect(SamplePicture([1, 2], shape: [2]) == nil)
        #expect(SamplePicture([1, 2], shape: [2, 1, 1]) == nil)
        #expect(SamplePicture([1, 2], shape: [1, 1, 3]) == nil)
        #expect(SamplePicture([.nan, 1], shape: [1, 1, 2]) != nil)
    }
}

@testable import Datasets
import Foundation
import Testing

@Suite struct ImageTests {
    private func decode(_ name: String, channels: Int = 3) throws -> Picture {
        try ImageDecoder.decode(Fixtures.bytes(name), channels: channels)
    }

    /// Pixels and both ways of resizing are Pillow's, to one step of 256.
    @Test(arguments: [("circle", 12, 16, 0), ("circle small", 6, 8, 1), ("circle large", 17, 21, 1)])
    func picturesAreThoseOfPillow(name: String, height: Int, width: Int, tolerance: Int) throws {
        let planes = try decode("pictures/circle/0.png").planes(height: height, width: width)
        let expected = try Fixtures.numbers(name)
        #expect(planes.count == expected.count)
        #expect(zip(planes, expected).allSatisfy { abs(Int($0) - Int($1)) <= tolerance })
    }

    @Test func jpegAndGrey() throws {
        let jpeg = try decode("progressive.jpg")
        let expected = try Fixtures.numbers("progressive")
        let planes = jpeg.planes(height: 20, width: 33)
        #expect(zip(planes, expected).allSatisfy { abs(Int($0) - Int($1)) <= 2 })
        let grey = try decode("grey.png", channels: 1)
        #expect(grey.pixels.map(Double.init) == (try Fixtures.numbers("grey")))
        #expect(try decode("alpha.png").pixels.count == 5 * 7 * 3)
        #expect(try decode("deep.png", channels: 1).pixels.count == 35)
    }

    private func folder(_ form: ImageForm) -> DataSpecification {
        DataSpecification(
            path: Fixtures.url("pictures").path(percentEncoded: false), format: .images, targets: [],
            split: .init(train: 0.5, test: 0.5, stratify: true), normalize: .standard, images: form)
    }

    @Test func foldersAreClasses() throws {
        let planned = try PlannedData(
            folder(ImageForm(height: 6, width: 8, channels: .grey)), target: .classes(2), input: [1, 6, 8], batchSize: 2
        )
        #expect(planned.plan.preprocessing.target.kind == .classes(["circle", "square"]))
        #expect(planned.plan.rows == 8)
        #expect(try planned.samples(\.test).targets.sorted() == [0, 0, 1, 1])
        let own = try PlannedData(
            folder(ImageForm(channels: .colour)), target: .classes(2), input: [3, 12, 16], batchSize: 2)
        #expect(try own.samples(\.training).featureCount == 576)
    }

    @Test func problemsNameTheFile() throws {
        let scratch = try ScratchFile("not a picture", name: "x.png")
        let folder = scratch.url.deletingLastPathComponent().appending(path: "all")
        let inner = folder.appending(path: "cats")
        try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
        try FileManager.default.moveItem(at: scratch.url, to: inner.appending(path: "1.png"))
        try FileManager.default.copyItem(at: Fixtures.url("grey.png"), to: inner.appending(path: "2.png"))
        try FileManager.default.copyItem(at: Fixtures.url("pictures/circle/0.png"), to: inner.appending(path: "3.png"))
        var job = self.folder(ImageForm(channels: .grey))
        job.path = folder.path(percentEncoded: false)
        #expect(
            try problems { _ = try PlannedData(job, target: .classes(2), input: [1, 5, 7]) } == [
                "cats/1.png: it is neither a PNG nor a JPEG picture",
                "cats/3.png: 16 x 12 pixels, where the first has 7 x 5: set data.images.height and width to resize them",
            ])
    }

    /// A header can promise any size: it is refused before a byte is decoded.
    @Test func sizesAreCheckedFirst() throws {
        var png = try Fixtures.bytes("grey.png")
        png.replaceSubrange(16..<24, with: [0, 0, 0x7F, 0xFF, 0, 0, 0x7F, 0xFF])
        #expect(throws: ArrayError.self) { try ImageDecoder.decode(png, channels: 1) }
    }

    @Test(arguments: [
        "grey.png", "alpha.png", "deep.png", "progressive.jpg", "pictures/circle/3.jpg", "inks.jpg", "turned/6.jpg",
        "turned/7.png",
    ])
    func damagedPicturesNeverDoMoreThanThrow(name: String) throws {
        try fuzz(Fixtures.bytes(name), rounds: 5_000) { bytes in
            do { _ = try ImageDecoder.decode(bytes, channels: 3) } catch is ArrayError {}
        }
    }
}

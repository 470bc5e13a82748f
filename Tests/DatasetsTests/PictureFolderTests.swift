@testable import Datasets
import Digests
import Foundation
import Testing

/// Folders of pictures, from the files to the samples that a worker and a node get.
@Suite struct PictureFolderTests {
    private let scratch: ScratchFile
    private var folder: URL { scratch.url }

    init() throws {
        scratch = try ScratchFile("", name: "pictures")
        try FileManager.default.removeItem(at: scratch.url)
        try FileManager.default.createDirectory(at: scratch.url, withIntermediateDirectories: true)
    }

    private func write(_ bytes: [UInt8], _ name: String) throws {
        let file = folder.appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
    }

    private func plan(_ form: ImageForm, classes: Int = 2, input: [Int]) throws -> PlannedData {
        let specification = DataSpecification(
            path: folder.path(percentEncoded: false), format: .images, targets: [],
            split: .init(train: 0.5, test: 0.5, order: .file), normalize: .standard, images: form)
        return try PlannedData(specification, target: .classes(classes), input: input)
    }

    private static let grey = PNGWriter(width: 2, height: 2, colour: .grey, depth: 8, samples: [1, 2, 3, 4]).bytes

    /// What planning writes into shards is what a worker learns from, and what a client gets that reads the file itself.
    @Test(arguments: [ImageForm.Channels.grey, .colour]) func everyReaderSeesTheSameNumbers(
        channels: ImageForm.Channels
    ) throws {
        var random = FuzzRandom(state: 11)
        let count = 24
        for index in 0..<count {
            let isPNG = random.below(2) == 0
            let bytes = isPNG ? PNGWriter.random(&random).bytes : JPEGWriter.random(&random).bytes
            let orientation = 1 + random.below(8)
            let turned =
                isPNG ? bytes : JPEGWriter.adding(exif: exif(orientation: orientation, bigEndian: true), to: bytes)
            try write(turned, "\(index < count / 2 ? "a" : "b")/\(100 + index).\(isPNG ? "png" : "jpg")")
        }
        let shape = [channels.count, 7, 9]
        let planned = try plan(ImageForm(height: 7, width: 9, channels: channels), input: shape)
        let preprocessing = planned.plan.preprocessing
        let shard = try #require(planned.shards[planned.plan.test[0].digest])
        let raw = try shard.withUnsafeBytes { try ShardReader(preprocessing: preprocessing).rawRows(of: $0) }
        let samples = try planned.samples(\.test)
        let width = shape.reduce(1, *)
        let files = try problemsFree { try PictureFolder(folder, &$0).files }.suffix(count / 2)
        #expect(samples.rows == files.count)
        for (row, file) in files.enumerated() {
            let numbers = try #require(PictureReader(shape: shape)).numbers(ofFile: file.url)
            #expect(numbers.map { Float($0) } == Array(raw.numbers[row * width..<(row + 1) * width]), "\(file.name)")
            // What a node computes of a client's numbers.
            var inputs = [Float](repeating: 0, count: width)
            preprocessing.encode(numbers: numbers.map { Float($0) }, rows: 1, into: &inputs)
            #expect(inputs == Array(samples.features[row * width..<(row + 1) * width]), "\(file.name)")
        }
    }

    private func problemsFree<Result>(_ body: (inout ProblemList) throws -> Result) throws -> Result {
        var problems = ProblemList()
        let result = try body(&problems)
        #expect(problems.isEmpty)
        return result
    }

    @Test func classFoldersThatAreLinksAreFollowed() throws {
        for name in ["elsewhere-a/1.png", "elsewhere-a/2.png", "b/1.png", "b/2.png"] { try write(Self.grey, name) }
        let outside = folder.deletingLastPathComponent().appending(path: "outside")
        try FileManager.default.moveItem(at: folder.appending(path: "elsewhere-a"), to: outside)
        try FileManager.default.createSymbolicLink(at: folder.appending(path: "a"), withDestinationURL: outside)
        let planned = try plan(ImageForm(channels: .grey), input: [1, 2, 2])
        #expect(planned.plan.preprocessing.target.kind == .classes(["a", "b"]))
        #expect(planned.plan.rows == 4)
    }

    /// A folder is a class, also where its name is another's as a number.
    @Test func foldersWithNumbersForNames() throws {
        for name in ["1", "01", "1.0", "2"] { try write(Self.grey, "\(name)/1.png") }
        let planned = try plan(ImageForm(channels: .grey), classes: 4, input: [1, 2, 2])
        #expect(planned.plan.preprocessing.target.kind == .classes(["1", "01", "1.0", "2"]))
        #expect(try planned.plan.preprocessing.target(of: "01") == 1)
    }

    @Test func whatIsNoPictureIsTold() throws {
        for name in ["a/1.png", "a/2.PNG", "b/1.jpeg", "b/2.png"] { try write(Self.grey, name) }
        for name in ["a/notes.txt", "a/deeper/3.png", "b/4.webp", "list.csv", "a/.hidden", "5.png", "6.JPG"] {
            try write([1], name)
        }
        try FileManager.default.createDirectory(at: folder.appending(path: "c"), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            at: folder.appending(path: "d"), withDestinationURL: folder.appending(path: "nowhere"))
        let notes = try plan(ImageForm(channels: .grey), input: [1, 2, 2]).plan.notes ?? []
        #expect(
            notes.prefix(3).map(\.description) == [
                "1 folder holds no pictures, so it is no class: c",
                "2 pictures lie in no folder of a class and were left out: 5.png; 6.JPG",
                "5 files or folders are neither a .png nor a .jpg and were left out: a/deeper; a/notes.txt; b/4.webp; d; "
                    + "list.csv",
            ])
    }

    @Test func whatIsNotListedIsCounted() throws {
        for index in 1...7 { try write([1], "a/\(index).gif") }
        #expect(
            try problems { _ = try plan(ImageForm(channels: .grey), input: [1, 2, 2]) }.first?.hasSuffix(
                "a/5.gif; and 2 more)") == true)
    }

    @Test func aFolderWithoutPicturesSaysWhatItHolds() throws {
        try write([1], "a/1.gif")
        #expect(
            try problems { _ = try plan(ImageForm(channels: .grey), input: [1, 2, 2]) } == [
                "the folder holds no pictures: expected a folder for each class with .png or .jpg files in it (1 folder "
                    + "holds no pictures, so it is no class: a; 1 file or folder is neither a .png nor a .jpg and was "
                    + "left out: a/1.gif)"
            ])
    }

    /// Not one error after the other: all that cannot be read, beside what can.
    @Test func whatCannotBeReadIsNamed() throws {
        for name in ["a/1.png", "b/1.png"] { try write(Self.grey, name) }
        try FileManager.default.createSymbolicLink(
            at: folder.appending(path: "a/2.png"), withDestinationURL: folder.appending(path: "nowhere"))
        try FileManager.default.createDirectory(
            at: folder.appending(path: "b/2.png"), withIntermediateDirectories: true)
        #expect(mkfifo(folder.appending(path: "b/3.png").path, 0o600) == 0)
        #expect(
            try problems { _ = try plan(ImageForm(channels: .grey), input: [1, 2, 2]) } == [
                "a/2.png: it cannot be read: No such file or directory",
                "b/2.png: it cannot be read: it is a folder, expected a file",
                "b/3.png: it cannot be read: it is a pipe, expected a file, as data is read more than once",
            ])
    }

    /// Two folders whose names look the same are one class, as two cells of a table are.
    @Test func aNameIsOneClassInEveryFormOfUnicode() throws {
        for name in ["M\u{E4}/1.png", "M\u{E4}/2.png", "Ma\u{308}/1.png", "Ma\u{308}/2.png", "b/1.png", "b/2.png"] {
            try write(Self.grey, name)
        }
        let planned = try plan(ImageForm(channels: .grey), input: [1, 2, 2])
        #expect(planned.plan.rows == 6)
        guard case .classes(let classes) = planned.plan.preprocessing.target.kind else { return #expect(Bool(false)) }
        #expect(classes.map { Array($0.utf8) } == [Array("M\u{E4}".utf8), Array("b".utf8)])
        let labels = try planned.samples(\.training).targets + planned.samples(\.test).targets
        #expect(labels.sorted() == [0, 0, 0, 0, 1, 1])
    }
}

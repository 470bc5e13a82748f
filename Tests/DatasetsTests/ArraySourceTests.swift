@testable import Datasets
import Foundation
import Testing

@Suite struct ArraySourceTests {
    private func specification(
        _ file: String, _ format: DataSpecification.Format, targets: String? = nil, target: [String] = [],
        features: [String] = [], normalize: DataSpecification.Normalization = .none,
        split: DataSpecification.Split = .init(train: 1, test: 0, order: .file)
    ) -> DataSpecification {
        DataSpecification(
            path: Fixtures.url(file).path(percentEncoded: false), format: format,
            targetsPath: targets.map { Fixtures.url($0).path(percentEncoded: false) }, targets: target,
            features: features, split: split, normalize: normalize)
    }

    /// Rows of the training part are permuted; this puts them back by looking them up.
    private func rows(_ samples: Samples, among all: [Double]) -> [Int] {
        (0..<samples.rows).map { row in
            (0..<all.count / samples.featureCount).first { candidate in
                (0..<samples.featureCount).allSatisfy {
                    samples.features[row * samples.featureCount + $0]
                        == Float(all[candidate * samples.featureCount + $0])
                }
            } ?? -1
        }
    }

    @Test(arguments: ["features-f4.npy", "features-f8.npy"])
    func numpyArraysOfSeveralTargets(file: String) throws {
        let planned = try PlannedData(
            specification(file, .npy, targets: "targets.npy"), target: .numbers(2), input: [2, 3], slices: 3,
            batchSize: 5)
        let samples = try planned.samples(\.training)
        let places = try rows(samples, among: Fixtures.numbers("features"))
        #expect(places.sorted() == Array(0..<24))
        let targets = try Fixtures.numbers("targets")
        #expect(samples.targetCount == 2)
        for (row, place) in places.enumerated() {
            #expect(samples.targets[row * 2] == Float(targets[place * 2]))
            #expect(samples.targets[row * 2 + 1] == Float(targets[place * 2 + 1]))
        }
    }

    @Test(arguments: [("features-u1.npy", "u1"), ("features-i2.npy", "i2")])
    func integersAndClasses(file: String, name: String) throws {
        let planned = try PlannedData(
            specification(file, .npy, targets: "labels.npy", split: .init(train: 0.5, test: 0.5, stratify: true)),
            target: .classes(3), input: [6], slices: 2, batchSize: 4)
        #expect(planned.plan.preprocessing.target.kind == .classes(["0", "1", "2"]))
        for part in [\DataPlan.training, \DataPlan.test] {
            let samples = try planned.samples(part)
            let places = try rows(samples, among: Fixtures.numbers(name))
            let labels = try Fixtures.numbers("labels")
            #expect(samples.targets == places.map { Float(labels[$0]) })
        }
    }

    @Test(arguments: ["stored.npz", "deflated.npz"])
    func archives(file: String) throws {
        let planned = try PlannedData(
            specification(file, .npz, target: ["labels"], features: ["features"]), target: .classes(3), input: [6])
        #expect(try rows(planned.samples(\.training), among: Fixtures.numbers("features")).sorted() == Array(0..<24))
        let regression = try PlannedData(specification(file, .npz), target: .numbers(2), input: [2, 3])
        #expect(try regression.samples(\.training).targetCount == 2)
    }

    @Test(arguments: ["images-idx3-ubyte", "images-idx3-ubyte.gz"])
    func idxFiles(file: String) throws {
        let planned = try PlannedData(
            specification(
                file, .idx, targets: "labels-idx1-ubyte.gz", normalize: .minMax, split: .init(train: 1, test: 0)),
            target: .classes(10), input: [1, 4, 5])
        let all = try Fixtures.numbers("pictures")
        let samples = try planned.samples(\.training)
        let (low, high) = (all.min()!, all.max()!)
        let scaled = all.map { Double(Float(($0 - low) / (high - low))) }
        let places = rows(samples, among: scaled)
        #expect(places.sorted() == Array(0..<30))
        #expect(samples.targets == places.map { Float($0 % 10) })
    }

    /// A picture's channels are normalised each by its own, over the training part only.
    @Test func channelsAreNormalisedOverTheTrainingPart() throws {
        let planned = try PlannedData(
            specification(
                "features-f4.npy", .npy, targets: "targets.npy", normalize: .standard,
                split: .init(train: 0.5, test: 0.5, order: .file)),
            target: .numbers(2), input: [2, 1, 3])
        guard case .tensor(let tensor) = planned.plan.preprocessing.form else { return #expect(Bool(false)) }
        let all = try Fixtures.numbers("features")
        for channel in 0..<2 {
            let values = (0..<12).flatMap { row in (0..<3).map { all[row * 6 + channel * 3 + $0] } }
            let mean = values.reduce(0, +) / 36
            let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 36).squareRoot()
            #expect(abs(tensor.offsets[channel] - mean) < 1e-12)
            #expect(abs(tensor.scales[channel] - deviation) < 1e-12)
        }
    }

    @Test func problemsAreNamed() throws {
        let nothing = try ScratchFile("not an array", name: "a.npy")
        let pictures = Fixtures.url("images-idx3-ubyte").path(percentEncoded: false)
        let wrong = try problems {
            _ = try PlannedData(
                DataSpecification(
                    path: nothing.path, format: .npy, targetsPath: pictures,
                    targets: [], split: .init(train: 1, test: 0)),
                input: [1])
        }
        #expect(
            wrong == [
                "the features: it is not a NumPy array: it should begin with \\x93NUMPY",
                "the targets in \(pictures): it is not a NumPy array: it should begin with \\x93NUMPY",
            ])
        #expect(
            try problems { _ = try PlannedData(specification("stored.npz", .npz, features: ["x"]), input: [6]) } == [
                "the features: the archive has no array 'x', it has 'features', 'targets', 'labels'"
            ])
        #expect(
            try problems {
                _ = try PlannedData(
                    specification("features-u1.npy", .npy, targets: "labels.npy"), target: .numbers(2), input: [7])
            } == [
                "the data gives 6 inputs (of shape [6]), the model takes 7: model.input is [7], set it to [6]",
                "the data gives 1 number to learn, the model has 2 outputs",
            ])
    }

    /// The report is headed by the file of the features.
    @Test func problemsOfTargetsNameTheirFileAndKey() throws {
        let features = try ScratchFile(NumberFileTests.npy("|u1", shape: "(3,)", [1, 2, 3]), name: "x.npy")
        let targets = try ScratchFile("", name: "y.npy")
        func found(_ bytes: [UInt8]?, _ target: TargetRequirement = .number) throws -> [DatasetReport.Problem] {
            if let bytes {
                try Data(bytes).write(to: targets.url)
            } else {
                try FileManager.default.removeItem(at: targets.url)
            }
            let job = DataSpecification(
                path: features.path, format: .npy, targetsPath: targets.path, targets: [],
                split: .init(train: 1, test: 0, order: .file))
            let report = #expect(throws: DatasetReport.self) { try PlannedData(job, target: target, input: [1]) }
            let found = try #require(report).problems
            #expect(found.allSatisfy { $0.key == ["data", "targets_path"] }, "\(found)")
            return found
        }
        let texts = NumberFileTests.npy("<U1", shape: "(3,)", [UInt8](repeating: 0x61, count: 12))
        #expect(
            try found(texts, .classes(2)).map(\.message) == [
                "the targets in \(targets.path): texts or objects of type '<U1' are no numbers: number the classes, for "
                    + "example by numpy.unique(y, return_inverse=True)[1]"
            ])
        #expect(
            try found(NumberFileTests.npy("|u1", shape: "(2,)", [1, 2])).map(\.message) == [
                "3 rows of features in \(features.path), but 2 of targets in \(targets.path): a row of features has one of "
                    + "targets"
            ])
        let halves = NumberFileTests.npy("<f2", shape: "(3,)", [0, 0, 0, 0x7C, 0, 0])
        #expect(
            try found(halves).map(\.message)
                == ["\(targets.path): target of row 2: inf is not a finite 32-bit number"])
        #expect(
            try found(nil).map(\.message)
                == ["the targets in \(targets.path) cannot be read: No such file or directory"])
    }

    /// Shown as they stand in the file, not as the infinities that they are as 32-bit floats.
    @Test func numbersBeyond32BitsAreShown() throws {
        let numbers = [1, 1e300, -.nan].map(\.bitPattern)
        let features = try ScratchFile(
            NumberFileTests.npy("<f8", shape: "(3, 1)", numbers.withUnsafeBytes { Array($0) }), name: "a.npy")
        let job = DataSpecification(
            path: features.path, format: .npy, targetsPath: features.path, targets: [],
            split: .init(train: 1, test: 0, order: .file))
        #expect(
            try problems { _ = try PlannedData(job, input: [1]) } == [
                "row 2, number 1: 1e+300 is not a finite 32-bit number",
                "row 3, number 1: nan is a missing value: set data.clean.missing to drop, and rows with one are left out",
                "target of row 2: 1e+300 is not a finite 32-bit number",
                "target of row 3: nan is not a finite 32-bit number",
            ])
    }

    /// A divergence is learned of shares of one whole.
    @Test func targetsOfADivergenceAreShares() throws {
        let numbers = [0.25, 0.75, -0.5, 1.5, 0.25, 0.25].map(\.bitPattern)
        let file = try ScratchFile(
            NumberFileTests.npy("<f8", shape: "(3, 2)", numbers.withUnsafeBytes { Array($0) }), name: "a.npy")
        let job = DataSpecification(
            path: file.path, format: .npy, targetsPath: file.path, targets: [],
            split: .init(train: 1, test: 0, order: .file))
        let found = try problems { _ = try PlannedData(job, target: .distributions(2, outputs: 2), input: [2]) }
        #expect(found.map { $0.prefix { $0 != ":" } } == ["row 2", "row 3"], "\(found)")
        #expect(found.first?.contains("the targets -0.5, 1.5 are not all 0 or more: train.loss kl_divergence") == true)
        #expect(found.last?.contains("the targets 0.25, 0.25 add up to 0.5: train.loss kl_divergence") == true)
        #expect(try problems { _ = try PlannedData(job, target: .numbers(2), input: [2]) } == [])
    }

    @Test func whatIsNoNumberIsFoundOrDropped() throws {
        var bytes = try Fixtures.bytes("features-f4.npy")
        let nan = withUnsafeBytes(of: Float.nan) { Array($0) }
        bytes.replaceSubrange(128 + 4 * 7..<128 + 4 * 8, with: nan)
        let file = try ScratchFile(bytes, name: "features.npy")
        var job = specification("features-f4.npy", .npy, targets: "targets.npy")
        job.path = file.path
        #expect(
            try problems { _ = try PlannedData(job, target: .numbers(2), input: [6]) }
                == [
                    "row 2, number 2: nan is a missing value: set data.clean.missing to drop, and rows with one are left out"
                ])
        job.cleaning.missing = .drop
        let planned = try PlannedData(job, target: .numbers(2), input: [6])
        #expect(planned.plan.rows == 23)
        #expect(planned.plan.notes?.map(\.description) == ["1 row with a missing value was left out"])
    }

    /// Nothing that comes from outside does more than throw: sizes are held against the file before memory is taken.
    @Test(arguments: [
        "features-f4.npy", "features-i2.npy", "stored.npz", "deflated.npz", "images-idx3-ubyte",
        "labels-idx1-ubyte.gz", "images-idx3-ubyte.gz",
    ])
    func damagedFilesNeverDoMoreThanThrow(file: String) throws {
        let scratch = try ScratchFile([], name: file)
        try fuzz(Fixtures.bytes(file), rounds: 2_000) { bytes in
            try Data(bytes).write(to: scratch.url)
            do {
                let array =
                    if file.hasSuffix("npy") { try NumberFile.npy(scratch.url) } else if file.hasSuffix("npz") {
                        try NumberFile.npz(scratch.url, array: "features")
                    } else { try NumberFile.idx(scratch.url) }
                var sum = 0.0
                try array.forEachRow { _, row in sum += array.value(in: row, at: 0) }
            } catch is ArrayError {
            } catch is DataFileError {}
        }
    }

    @Test func headersAreBounded() throws {
        let dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 9, ), }"
        func npy(_ text: String) -> [UInt8] {
            [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.utf8.count), 0] + Array(text.utf8)
        }
        let wide = dictionary.replacing("9223372036854775807, 9", with: "1, 1000000000")
        for text in [dictionary, dictionary.replacing("False", with: "True"), wide, "{'shape': ()}", "{}"] {
            #expect(throws: ArrayError.self) { try npy(text).withUnsafeBytes { try NPYHeader.parse($0) } }
        }
        try fuzz(npy(dictionary.replacing("9223372036854775807", with: "3")), rounds: 20_000) { bytes in
            do { _ = try bytes.withUnsafeBytes { try NPYHeader.parse($0) } } catch is ArrayError {}
        }
    }

    @Test func anArchiveWithoutArraysSaysSo() throws {
        let end: [UInt8] = [0x50, 0x4B, 5, 6] + [UInt8](repeating: 0, count: 18)
        let file = try ScratchFile(end, name: "empty.npz")
        let job = DataSpecification(
            path: file.path, format: .npz, targets: [], split: .init(train: 1, test: 0))
        let message = "the archive holds no arrays: expected .npy files in it, as numpy.savez writes them"
        #expect(
            try problems { _ = try PlannedData(job, input: [1]) }
                == ["the features: \(message)", "the targets: \(message)"])
        let report = #expect(throws: DatasetReport.self) { try DatasetProfile(of: file.url) }
        #expect(report?.problems.map(\.message) == [message])
    }

    @Test func aFolderIsNoFileAndAFileNoFolder() throws {
        let folder = Fixtures.url("pictures")
        let table = DataSpecification(
            path: folder.path(percentEncoded: false), target: "y", split: .init(train: 1, test: 0))
        #expect(
            try problems { _ = try PlannedData(table, input: [1]) } == [
                "data.path is a folder, expected a file for the format csv: a folder of pictures has the format images"
            ])
        var pictures = specification("targets.npy", .images)
        pictures.images = ImageForm(channels: .grey)
        #expect(
            throws: DataFileError.unreadable(
                Fixtures.url("targets.npy"),
                reason: "it is a file, expected a folder with a folder of pictures for each class")
        ) { _ = try PlannedData(pictures, target: .classes(2), input: [1, 2, 2]) }
    }
}

import Datasets
import Foundation
import Testing
import Training

@Suite struct JobFileDataTests {
    private func data(_ section: String, input: String = "64") throws -> (DataSpecification, folder: String) {
        let folder = try JobFolder(
            jobText(model: "{ family: mlp, input: \(input), classes: 10, hidden: [8] }", data: section))
        let path = folder.url.deletingLastPathComponent().path(percentEncoded: false)
        return (try folder.load().data, path.hasSuffix("/") ? path : path + "/")
    }

    private func problems(_ section: String, model: String = "{ family: mlp, input: 64, classes: 10, hidden: [8] }")
        throws -> [String]
    {
        try JobFolder(jobText(model: model, data: section)).problems()
            .map { $0.replacing(#/^\d+:\d+: /#, with: "") }
    }

    @Test func tables() throws {
        let (data, folder) = try data(
            """
            { path: a.jsonl, format: jsonl, target: [x, y], features: [a, b], normalize: robust,
              split: { train: 0.5, validation: 0.25, test: 0.25, by: day, on_leak: drop },
              types: { a: category, b: index, day: date },
              clean: { missing: drop, columns: { a: most_frequent, b: { constant: 7 } }, duplicates: drop,
                clip: { b: [-1, 2.5] } },
              augment: { noise: 0.5, mixup: 0.25 } }
            """)
        var expected = DataSpecification(
            path: folder + "a.jsonl", format: .jsonl, targets: ["x", "y"], features: ["a", "b"],
            split: .init(train: 0.5, validation: 0.25, test: 0.25, order: .column("day"), onLeak: .drop),
            normalize: .robust)
        expected.types = ["a": .category, "b": .index, "day": .date]
        expected.cleaning = Cleaning(
            missing: .drop, columns: ["a": .mostFrequent, "b": .constant("7")], duplicates: .drop,
            clip: ["b": .init(low: -1, high: 2.5)])
        expected.augmentation = Augmentation(noise: 0.5, mixup: 0.25)
        #expect(data == expected)
    }

    @Test func plainText() throws {
        let (data, folder) = try data(
            """
            { path: a.txt, format: text, split: { train: 0.9, test: 0.1 },
              text: { positions: 64, stride: 32, tokenizer: { kind: bpe, vocabulary: 1024 } } }
            """)
        var expected = DataSpecification(
            path: folder + "a.txt", format: .text, targets: [], split: .init(train: 0.9, test: 0.1))
        expected.text = TextForm(
            use: .continueText, positions: 64, tokenizer: .pairs(vocabulary: 1024), stride: 32)
        #expect(data == expected)
    }

    @Test func pairsOfTexts() throws {
        let (data, _) = try data(
            """
            { path: a.jsonl, format: jsonl, text: { source: en, target: fr, positions: 40, target_positions: 24,
              tokenizer: { kind: words, vocabulary: 500, lowercase: true } } }
            """)
        #expect(data.targets.isEmpty)
        #expect(
            data.text
                == TextForm(
                    use: .translate(source: "en", target: "fr", targetPositions: 24), positions: 40,
                    tokenizer: .words(vocabulary: 500, lowercase: true)))
    }

    @Test func textsWithAClass() throws {
        let (data, folder) = try data(
            "{ path: a.csv, target: label, text: { field: review, positions: 64, tokenizer: some/tokenizer.json } }")
        #expect(
            data.text
                == TextForm(
                    use: .classify(field: "review"), positions: 64, tokenizer: .file(folder + "some/tokenizer.json")))
    }

    @Test func arraysSeriesAndPictures() throws {
        let series = try data(
            "{ path: a.csv, target: x, features: [x, y], series: { window: 32, horizon: 4, stride: 2 } }"
        ).0
        #expect(series.series == SeriesForm(window: 32, horizon: 4, stride: 2) && series.features == ["x", "y"])
        let archive = try data("{ path: a.npz, format: npz, features: [images], target: labels }").0
        #expect(archive.format == .npz && archive.features == ["images"] && archive.targets == ["labels"])
        let (array, folder) = try data("{ path: x.npy, format: npy, targets_path: y.npy }")
        #expect(array.targetsPath == folder + "y.npy" && array.targets.isEmpty)
        let pictures = try data(
            """
            { path: pictures, format: images, images: { channels: rgb, height: 8, width: 16 },
              augment: { flip: both, crop: 2, rotate: 10 } }
            """, input: "[3, 8, 16]"
        ).0
        #expect(pictures.images == ImageForm(height: 8, width: 16, channels: .colour))
        #expect(
            pictures.augmentation
                == Augmentation(flipHorizontally: true, flipVertically: true, crop: 2, rotation: 10))
    }

    @Test(arguments: [
        ("{ path: a.csv }", "data: the key 'target' is missing: expected text"),
        (
            "{ path: a.csv, text: { target: b, positions: 4 } }",
            "data.text: the key 'source' is missing: expected text"
        ),
        (
            "{ path: a.npy, format: npy }",
            "data: the key 'targets_path' is missing: expected the file with the targets"
        ),
        ("{ path: a, format: images }", "data: the key 'images' is missing: expected a mapping with the channels"),
        ("{ path: a.txt, format: text }", "data.text: plain text needs a mapping with the positions and the tokenizer"),
        (
            "{ path: a.txt, format: text, text: { positions: 32 } }",
            "data: a row of text has 32 positions, model.input is [64]: set it to 32"
        ),
        (
            "{ path: a.csv, target: x, augment: { flip: horizontal } }",
            "data: augment.flip, crop and rotate move pixels, so model.input must be [channels, height, width]"
        ),
        (
            "{ path: a.csv, target: x, text: { positions: 64 }, augment: { noise: 1 } }",
            "data: augment changes numbers, and the ids of tokens are names"
        ),
        (
            "{ path: a.csv, target: x, split: { train: 0.8, test: 0.2, order: random } }",
            "data.split.order: expected one of shuffled, file, found 'random'; a column is named by 'by'"
        ),
        (
            "{ path: a.csv, target: x, clean: { clip: { a: [2, 1] } } }",
            "data.clean.clip.a: expected two numbers, [low, high], of which the first is not above the second"
        ),
        (
            "{ path: a, format: images, images: { channels: grey, height: 3 } }",
            "data.images: height and width go together"
        ),
    ])
    func saysWhatIsWrong(section: String, problem: String) throws {
        let found = try problems(section)
        #expect(found.contains(problem), "\(found)")
    }

    @Test(arguments: [
        ("a.csv", DataSpecification.Format.csv), ("a.CSV.gz", .csv), ("a.jsonl", .jsonl), ("b.idx/a.ndjson.gz", .jsonl),
        ("a.json", .jsonl), ("a.npz", .npz), ("table", .csv), ("a.txt", .csv), ("idx.csv", .csv),
    ])
    func theNameOfTheFileSaysTheFormat(path: String, format: DataSpecification.Format) throws {
        #expect(try data("{ path: \(path), target: y }").0.format == format)
        #expect(try data("{ path: \(path), format: csv, target: y }").0.format == .csv)
    }

    @Test func theNameOfAnArraySaysTheFormat() throws {
        for (path, format) in [("x.npy", DataSpecification.Format.npy), ("x-idx3-ubyte.gz", .idx)] {
            #expect(try data("{ path: \(path), targets_path: y }").0.format == format)
        }
    }

    /// A text to learn from as it stands, and a table under a name that tells nothing.
    @Test func textsAndTablesUnderOneEnding() throws {
        #expect(try data("{ path: x.txt, text: { positions: 64 } }").0.format == .text)
        #expect(try data("{ path: x.txt, text: { positions: 64 }, target: y }").0.format == .csv)
        #expect(try data("{ path: x.txt, target: y }").0.format == .csv)
    }

    /// A key that says nothing of data in this format is told, not passed over.
    @Test(arguments: [
        ("csv, target: x, images: { channels: grey }", ["images"]),
        ("csv, target: x, targets_path: y", ["targets_path"]),
        ("csv, target: x, text: { positions: 64 }, features: [a], normalize: standard", ["features", "normalize"]),
        ("jsonl, target: x, text: { positions: 32, source: a, target: b }", ["target"]),
        ("npy, targets_path: y.npy, features: [a], target: b", ["features", "target"]),
        ("npy, targets_path: y.npy, text: { positions: 64 }, series: { window: 3 }", ["text", "series"]),
        ("idx, targets_path: y, types: { a: date }, images: { channels: grey }", ["types", "images"]),
        ("npz, targets_path: y.npy, types: {}", ["targets_path", "types"]),
        (
            "images, images: { channels: grey }, target: x, features: [a], targets_path: y",
            ["target", "features", "targets_path"]
        ),
        (
            "text, text: { positions: 64 }, target: x, normalize: standard, clean: {}, augment: { noise: 1 }",
            ["target", "normalize", "clean", "augment"]
        ),
    ])
    func keysWithoutAMeaningAreTold(section: String, keys: [String]) throws {
        let found = try problems("{ path: a, format: \(section) }")
        #expect(found.map { $0.prefix { $0 != ":" } } == keys.map { "data.\($0)" }, "\(found)")
        #expect(found.allSatisfy { $0.contains("no meaning") }, "\(found)")
    }

    @Test(arguments: [
        (
            "npy, targets_path: y.npy, split: { train: 0.5, test: 0.5, by: day }",
            "data: split.by names a column, and the format npy has none"
        ),
        (
            "text, text: { positions: 64 }, split: { train: 0.5, test: 0.5, stratify: true }",
            "data: split.stratify needs classes, and of this text the tokens are learned"
        ),
    ])
    func splitsWithoutAMeaningAreTold(section: String, problem: String) throws {
        #expect(try problems("{ path: a, format: \(section) }") == [problem])
    }

    @Test func aTypeThatTheTargetCannotHaveIsTold() throws {
        func problems(_ type: String, task: String, more: String = "") throws -> [String] {
            try self.problems(
                "{ path: a.csv, target: x, types: { x: \(type) }\(more) }",
                model: "{ family: mlp, input: 64, \(task), hidden: [8] }")
        }
        for type in ["number", "date", "index"] {
            for task in ["classes: 10", "task: binary"] {
                #expect(
                    try problems(type, task: task) == [
                        "data.types.x: the values of this target are classes: expected category, or nothing about this "
                            + "column, found '\(type)'"
                    ])
            }
        }
        #expect(
            try problems("date", task: "task: regression") == [
                "data.types.x: the target of a regression is a number: expected number, or nothing about this column, "
                    + "found 'date'"
            ])
        #expect(try problems("category", task: "classes: 10").isEmpty)
        #expect(try problems("number", task: "task: regression").isEmpty)
        #expect(try problems("number", task: "classes: 10", more: ", series: { window: 4 }").isEmpty)
    }

    @Test func boundsForTheTargetAreTold() throws {
        let clip = "clean: { clip: { x: [0, 1] } }"
        #expect(
            try problems("{ path: a.csv, target: x, \(clip) }") == [
                "data.clean.clip.x: what is learned is not clipped: expected columns to learn from, found the target"
            ])
        #expect(try problems("{ path: a.csv, target: x, series: { window: 4 }, \(clip) }").isEmpty)
        #expect(try problems("{ path: a.csv, target: y, \(clip) }").isEmpty)
    }

    @Test(arguments: [("", "no such key"), ("source: 24,", "24"), ("source: 40,", "")])
    func theSourceOfATranslationIsThatOfItsModel(key: String, found: String) throws {
        let data =
            "{ path: a.jsonl, format: jsonl, text: { source: en, target: fr, positions: 40, target_positions: 24 } }"
        let model =
            "{ family: transformer, input: 64, \(key) vocabulary: 300, classes: 300, width: 8, heads: 2, layers: 1 }"
        let problem =
            "model.source: expected 40, the positions of the source that data.text.positions gives, found \(found)"
        #expect(try problems(data, model: model) == (found.isEmpty ? [] : [problem]))
    }

    /// Where the network begins with an embedding, numbers are token ids, whose values mean nothing.
    @Test(arguments: [
        "{ family: gru, input: [4], vocabulary: 10, classes: 2, width: 4 }",
        """
        { family: sequential, input: [4], classes: 2, \
        layers: [embedding: { vocabulary: 10, width: 4 }, mean_positions, linear: 2] }
        """,
    ])
    func nothingChangesTokenIDs(model: String) throws {
        let found = try problems(
            """
            { path: a.csv, target: y, normalize: standard, clean: { clip: { b: [0, 1] } }, \
            augment: { noise: 0.1, mixup: 0.2 } }
            """, model: model)
        #expect(
            found.map { $0.prefix { $0 != ":" } } == [
                "data.normalize", "data.clean.clip.b", "data.augment.noise", "data.augment.mixup",
            ], "\(found)")
        #expect(found.allSatisfy { $0.contains("begins with an embedding") }, "\(found)")
        #expect(try problems("{ path: a.csv, target: y, clean: { missing: drop } }", model: model).isEmpty)
    }

    /// Keys are strict at every level.
    @Test func strangersAreNamed() throws {
        for section in [
            "{ path: a.csv, target: x, series: { window: 3, horison: 1 } }",
            "{ path: a.csv, target: x, clean: { mising: drop } }",
            "{ path: a.csv, target: x, text: { positions: 64, tokeniser: bytes } }",
            "{ path: a.csv, target: x, text: { positions: 64, tokenizer: { kind: bytes, vocabulary: 3 } } }",
            "{ path: a.csv, target: x, augment: { flop: both } }",
            "{ path: a, format: images, images: { channels: grey, chanels: 1 } }",
            "{ path: a.csv, target: x, split: { train: 0.8, test: 0.2, onleak: warn } }",
        ] {
            #expect(try problems(section).contains { $0.contains("unknown key") }, "\(section)")
        }
    }
}

import Datasets
import Foundation
import Testing

@testable import martlet

/// Planning, training, serving and prediction read a value alike: what one takes all take, and the network gets the same
/// bits.
@Suite struct SameReadingTests {
    /// Plans for the number of inputs that the data gives.
    private func plan(
        _ specification: DataSpecification, target: TargetRequirement, input: [Int] = [1]
    ) throws -> ReadingPaths {
        do {
            return try ReadingPaths(specification, target: target, input: input)
        } catch let report as DatasetReport {
            guard report.problems.count == 1, report.problems[0].line == nil,
                let match = report.problems[0].message.prefixMatch(of: #/the data gives (\d+) inputs/#)
            else { throw report }
            return try ReadingPaths(specification, target: target, input: [Int(match.1)!])
        }
    }

    @Test func randomTables() throws {
        let folder = try ReadingFolder()
        var sound = 0
        var refused = 0
        for seed in 0..<400 as Range<UInt64> {
            var table = RandomTable(seed: seed)
            let suffix = table.specification.format == .csv ? "csv" : "jsonl"
            let file = try folder.write(table.text(), "\(seed).\(suffix)")
            var job = table.specification
            job.path = file
            let paths: ReadingPaths
            do {
                paths = try plan(job, target: .classes(2))
            } catch is DatasetReport {
                refused += 1
                continue
            }
            let shape = [paths.plan.preprocessing.featureCount]
            if paths.plan.notes?.contains(where: { $0.kind == .missing }) == true {
                // A row that training leaves out is one that nothing can be said of.
                #expect(throws: (any Error).self, "seed \(seed)") { try paths.served(file, input: shape) }
                continue
            }
            sound += 1
            let served = try paths.served(file, input: shape)
            #expect(ReadingPaths.sorted(served) == ReadingPaths.sorted(paths.trained), "seed \(seed)")
        }
        #expect(sound > 100 && refused > 20)
    }

    @Test(arguments: [TextForm.TokenizerForm.bytes, .words(vocabulary: 50, lowercase: true), .pairs(vocabulary: 300)])
    func randomTexts(tokenizer: TextForm.TokenizerForm) throws {
        let pieces = [
            "good", "Caf\u{E9}", "cafe\u{301}", " ", "\t", "\u{2028}", "\u{85}", "\u{C}", "\"", ",", "'s", "\u{1F600}",
            "12", "NA",
            "\u{A0}", "\\", "!",
        ]
        let folder = try ReadingFolder()
        for seed in 0..<20 as Range<UInt64> {
            var random = ReadingRandom(state: seed)
            var texts: [String] = []
            while texts.count < 24 {
                let text = (0...random.below(8)).map { _ in random.pick(pieces) }.joined()
                if text.contains(where: { !$0.isWhitespace }) { texts.append(text) }
            }
            let table =
                "review,y\n"
                + texts.enumerated().map { row, text in
                    "\"\(text.replacing("\"", with: "\"\""))\",\(row % 2)\n"
                }.joined()
            let csv = try folder.write(Array(table.utf8), "\(seed).csv")
            let lines = try folder.write(Array(texts.map { $0 + "\n" }.joined().utf8), "\(seed).txt")
            let objects = try texts.map { try JSONSerialization.data(withJSONObject: ["review": $0]) }
            let jsonl = try folder.write(
                Array(objects.map { String(decoding: $0, as: UTF8.self) + "\n" }.joined().utf8), "\(seed).jsonl")
            var job = DataSpecification(
                path: csv, targets: ["y"], split: .init(train: 0.5, test: 0.5, order: .file))
            job.text = TextForm(use: .classify(field: "review"), positions: 12, tokenizer: tokenizer)
            let paths = try plan(job, target: .classes(2), input: [12])
            for file in [csv, lines, jsonl] {
                let served = try paths.served(file, input: [1])
                #expect(ReadingPaths.sorted(served) == ReadingPaths.sorted(paths.trained), "\(file)")
            }
        }
    }

    /// Pictures are asked about as their pixels.
    @Test func randomPictures() throws {
        let folder = try ReadingFolder()
        var random = ReadingRandom(state: 3)
        var rows: [String] = []
        for picture in 0..<12 {
            let pixels = (0..<20).map { _ in UInt8(random.below(256)) }
            rows.append("[[" + (0..<4).map { "\(pixels[$0 * 5..<$0 * 5 + 5])" }.joined(separator: ",") + "]]")
            _ = try folder.write(
                GreyPNG.encoded(pixels, width: 5), "pictures/\(picture % 2 == 0 ? "a" : "b")/\(picture).png")
        }
        let asked = try folder.write(Array("[\(rows.joined(separator: ","))]".utf8), "pictures.json")
        var job = DataSpecification(
            path: folder.url.appending(path: "pictures").path(percentEncoded: false), format: .images, targets: [],
            split: .init(train: 0.5, test: 0.5), normalize: .standard)
        job.images = ImageForm(channels: .grey)
        let paths = try plan(job, target: .classes(2), input: [1, 4, 5])
        let served = try paths.served(asked, input: [1, 4, 5])
        #expect(ReadingPaths.sorted(served) == ReadingPaths.sorted(paths.trained))
    }

    /// Rows of a table that a model foretells a series from are asked about as that table.
    @Test func windowsOfASeries() throws {
        let folder = try ReadingFolder()
        let table = "day,other,y\n" + (0..<40).map { "\($0),x,\(Double($0 * $0 % 17) / 4)\n" }.joined()
        let file = try folder.write(Array(table.utf8), "series.csv")
        var job = DataSpecification(
            path: file, targets: ["y"], features: ["y", "day"], split: .init(train: 0.5, test: 0.5, order: .file),
            normalize: .standard)
        job.series = SeriesForm(window: 3)
        let paths = try plan(job, target: .number, input: [3, 2])
        let served = try paths.served(file, input: [3, 2])
        #expect(served.count == 38)
        #expect(Set(paths.trained).isSubset(of: Set(served)) && paths.trained.count == 34)
        let short = try folder.write(Array("y,day\n1,2\n".utf8), "short.csv")
        let error = #expect(throws: CommandFailure.self) { try paths.served(short, input: [3, 2]) }
        #expect(error?.description.hasSuffix("has 1 row: the model foretells a series from 3 rows in a row") == true)
    }
}

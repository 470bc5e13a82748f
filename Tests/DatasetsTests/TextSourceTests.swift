@testable import Datasets
import Foundation
import Testing

@Suite struct TextSourceTests {
    private let reviews =
        "text,label\n" + (0..<8).map { "\"good, film \($0)\",\($0 % 2 == 0 ? "up" : "down")\n" }.joined()

    @Test func classifiedTexts() throws {
        let scratch = try ScratchFile(reviews)
        var job = DataSpecification(
            path: scratch.path, targets: ["label"], split: .init(train: 0.5, test: 0.5, stratify: true))
        job.text = TextForm(use: .classify(field: "text"), positions: 16, tokenizer: .bytes)
        let planned = try PlannedData(job, target: .classes(2), input: [16])
        let samples = try planned.samples(\.test)
        #expect(samples.rows == 4 && samples.targets.sorted() == [0, 0, 1, 1])
        let row = Array(samples.features[0..<16])
        #expect(row[0..<11] == Array("good, film ".utf8).map(Float.init)[...])
        #expect(row[12...].allSatisfy { $0 == -1 })
        // What serving does to the raw text is the same.
        var again = [Float](repeating: 0, count: 16)
        let text = String(decoding: row[..<12].map { UInt8($0) }, as: UTF8.self)
        try planned.plan.preprocessing.encode(row: [text], into: &again)
        #expect(again == row)
        #expect(planned.plan.preprocessing.takesTexts && planned.plan.preprocessing.rawCells == 1)
        let json = try JSONEncoder().encode(planned.plan)
        #expect(try JSONDecoder().decode(DataPlan.self, from: json) == planned.plan)
        let error = #expect(throws: CellError.self) { try planned.plan.preprocessing.encode(row: [""], into: &again) }
        #expect(error?.description == "the text is empty")
    }

    /// Declared as category, `01` and `1` are two classes of texts as they are of tables.
    @Test func declaredClassesOfTexts() throws {
        let rows = (0..<8).map { "word \($0),\($0 % 2 == 0 ? "01" : "1")\n" }
        let scratch = try ScratchFile("text,label\n" + rows.joined())
        var job = DataSpecification(
            path: scratch.path, targets: ["label"], split: .init(train: 0.5, test: 0.5, stratify: true))
        job.text = TextForm(use: .classify(field: "text"), positions: 8, tokenizer: .bytes)
        job.types = ["label": .category]
        let planned = try PlannedData(job, target: .classes(2), input: [8])
        let samples = try planned.samples(\.test)
        #expect(samples.targets.sorted() == [0, 0, 1, 1])
        for (row, target) in samples.targets.enumerated() {
            // The number in the text says which.
            #expect(target == (Int(samples.features[row * 8 + 5]) % 2 == 0 ? 1 : 0))
        }
        #expect(try ["1", "01"].map { try planned.plan.preprocessing.target(of: $0) } == [0, 1])
    }

    /// The columns are asked for where they are named.
    @Test func textsThatAreNotThere() throws {
        let scratch = try ScratchFile(reviews)
        var job = DataSpecification(path: scratch.path, targets: ["label"], split: .init(train: 0.5, test: 0.5))
        job.text = TextForm(use: .classify(field: "texts"), positions: 16, tokenizer: .bytes)
        let error = #expect(throws: DatasetReport.self) { try PlannedData(job, target: .classes(2), input: [16]) }
        #expect(error?.problems.first?.key == ["data", "text", "field"])
    }

    /// The vocabulary is that of the training part; a word of the test part is unknown.
    @Test func wordsOfTheTrainingPart() throws {
        let scratch = try ScratchFile("text,label\nA b b,x\nb a!,y\nb zzz,x\nnew b,y\n")
        var job = DataSpecification(
            path: scratch.path, targets: ["label"], split: .init(train: 0.5, test: 0.5, order: .file))
        job.text = TextForm(
            use: .classify(field: "text"), positions: 3, tokenizer: .words(vocabulary: 10, lowercase: true))
        let planned = try PlannedData(job, target: .classes(2), input: [3])
        guard case .text(let encoding) = planned.plan.preprocessing.form, case .words(let words) = encoding.tokenizer
        else {
            return #expect(Bool(false))
        }
        #expect(words.words == ["b", "a", "!"])
        #expect(try planned.samples(\.test).features == [1, 0, -1, 0, 1, -1])
    }

    @Test func pairsOfTexts() throws {
        let scratch = try ScratchFile(
            "{\"de\": \"ab\", \"en\": \"xyz\"}\n{\"de\": \"abcdef\", \"en\": \"x\"}\n", name: "pairs.jsonl")
        var job = DataSpecification(
            path: scratch.path, format: .jsonl, targets: [], split: .init(train: 0.5, test: 0.5, order: .file))
        job.text = TextForm(
            use: .translate(source: "de", target: "en", targetPositions: 3), positions: 4, tokenizer: .bytes)
        let planned = try PlannedData(job, target: .classes(258), input: [7])
        let training = try planned.samples(\.training)
        #expect(training.features == [97, 98, -1, -1, 256, 120, 121] && training.targets == [120, 121, 122])
        let test = try planned.samples(\.test)
        #expect(test.features == [97, 98, 99, 100, 256, 120, -1] && test.targets == [120, 257, -1])
        #expect(
            planned.plan.notes?.map(\.description) == [
                "2 texts are longer than the positions that they have and were cut"
            ])
        var row = [Float](repeating: 0, count: 7)
        try planned.plan.preprocessing.encode(row: ["ab", ""], into: &row)
        #expect(row == [97, 98, -1, -1, 256, -1, -1])
        #expect(
            try problems { _ = try PlannedData(job, target: .classes(100), input: [7]) }
                == ["the tokenizer has 258 tokens, the model's head is for 100"])
    }

    private func languageModel(_ text: String, _ tokenizer: TextForm.TokenizerForm, positions: Int) throws
        -> PlannedData
    {
        let scratch = try ScratchFile(text, name: "text.txt")
        var job = DataSpecification(
            path: scratch.path, format: .text, targets: [], split: .init(train: 0.6, validation: 0.2, test: 0.2))
        job.text = TextForm(use: .continueText, positions: positions, tokenizer: tokenizer)
        return try PlannedData(job, target: .classes(1000), input: [positions])
    }

    /// Targets are the inputs one further; what one part holds no other does.
    @Test func windowsOfAText() throws {
        let words = (0..<400).map { "w\($0) " }.joined()
        let planned = try languageModel(words, .bytes, positions: 10)
        var seen: [String] = []
        for part in [\DataPlan.training, \DataPlan.validation, \DataPlan.test] {
            let samples = try planned.samples(part)
            #expect(samples.rows > 10)
            var texts: [(text: String, place: String.Index)] = []
            for row in 0..<samples.rows {
                let inputs = samples.features[row * 10..<row * 10 + 10]
                let targets = samples.targets[row * 10..<row * 10 + 10]
                #expect(inputs.dropFirst() == targets.dropLast())
                let text = String(decoding: (inputs + targets.suffix(1)).map { UInt8($0) }, as: UTF8.self)
                texts.append((text, try #require(words.firstRange(of: text)?.lowerBound)))
            }
            seen.append(texts.map(\.text).joined())
            // Every window lies in the part's own stretch of the text.
            let places = texts.map { words.distance(from: words.startIndex, to: $0.place) }
            let bounds = part == \.training ? 0..<1125 : part == \.validation ? 1128..<1503 : 1506..<words.count
            #expect(places.allSatisfy { bounds.contains($0) })
        }
        #expect(Set(seen).count == 3)
    }

    /// A network that pools its positions has nothing to learn a text's tokens with.
    @Test func eachTokenNeedsAResult() throws {
        let scratch = try ScratchFile(String(repeating: "some text ", count: 50), name: "text.txt")
        var job = DataSpecification(path: scratch.path, format: .text, targets: [], split: .init(train: 0.5, test: 0.5))
        job.text = TextForm(use: .continueText, positions: 8, tokenizer: .bytes)
        _ = try PlannedData(job, target: .classes(256), input: [8], resultPositions: 8)
        #expect(
            try problems { _ = try PlannedData(job, target: .classes(256), input: [8], resultPositions: 1) }
                == ["the data gives 8 labels a sample, the network has results at 1 position"])
    }

    @Test func aTrainedTokenizerSurvivesPiecesOfTheFile() throws {
        let text = String(repeating: "It doesn't matter how long the text is, nor where it is cut.\n", count: 40_000)
        let planned = try languageModel(text, .pairs(vocabulary: 300), positions: 64)
        guard case .text(let encoding) = planned.plan.preprocessing.form else { return #expect(Bool(false)) }
        #expect(encoding.vocabulary <= 300)
        let whole = encoding.tokenizer.encode(text)
        // Pieces of a megabyte end at words, so all ids are those of the text as a whole.
        let samples = try planned.samples(\.test)
        let tail = whole.suffix(samples.rows * 64 + 64)
        let first = samples.features[0..<64].map { Int($0) }
        #expect(Array(tail.dropFirst(tail.count - samples.rows * 64 - 64)).contains(first[0]))
        #expect(planned.plan.rows * 64 > whole.count - 3 * 65)
    }
}

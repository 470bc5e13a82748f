import Digests
import Foundation
import Explanations

/// Windows of the ids of one long text, for a language model. The text is split at two places; a window lies in one part
/// with the id that follows it, so the parts share nothing.
final class TextFileSource: SampleSource {
    let digest: ContentDigest
    private let bytes: Int
    private let form: TextForm
    private let encoding: TextEncoding
    /// All ids, parts behind each other, as 32-bit integers.
    private let ids: TemporaryFile
    private let idFile: InputFile
    private let text: InputFile
    private let input: TextInput
    /// The windows of each part, in order.
    private let windows: [WindowRun]
    private let parts: DatasetSplit

    static func scan(
        _ url: URL, form: TextForm, split: DataSpecification.Split
    ) throws -> SourceScan {
        var problems = ProblemList()
        let text = try TextInput(url)
        let file = try InputFile(text.url)
        let start = try file.bytes(at: 0, count: 3) == TextSignature.byteOrderMark ? 3 : 0
        guard file.size > start else {
            problems.add("the file is empty: expected text")
            return SourceScan(source: nil, problems: problems)
        }
        try checkEncoding(of: file, &problems)
        guard problems.isEmpty else { return SourceScan(source: nil, problems: problems) }
        let imported = try TokenizerTraining.imported(form, &problems)
        guard problems.isEmpty else { return SourceScan(source: nil, problems: problems) }
        let source = try TextFileSource(
            file, of: text, from: start, form: form, split: split, imported: imported, &problems)
        return SourceScan(source: source, problems: problems)
    }

    /// Finds the first bytes that are no UTF-8: whatever lies behind them may be in any encoding.
    private static func checkEncoding(of file: borrowing InputFile, _ problems: inout ProblemList) throws {
        var position = 0
        var line = 1
        while position < file.size {
            let piece = try file.bytes(at: position, count: min(InputFile.pieceBytes, file.size - position))
            guard !piece.isEmpty else { throw DataFileError.changed(file.url) }
            let sound = piece.withUnsafeBytes { bytes in
                let place = bytes.firstNonText ?? bytes.count
                // A character may go on in the next piece.
                guard place < bytes.count, place + 4 <= bytes.count || position + bytes.count == file.size else {
                    return place
                }
                line += bytes[..<place].count { $0 == UInt8(ascii: "\n") }
                problems.add(line: line, UTF8Problem.message(bytes.surroundings(of: place)))
                return -1
            }
            guard sound >= 0 else { return }
            line += piece[..<sound].count { $0 == UInt8(ascii: "\n") }
            position += sound
        }
    }

    private init(
        _ file: consuming InputFile, of input: TextInput, from start: Int, form: TextForm,
        split: DataSpecification.Split, imported: Tokenizer?,
        _ problems: inout ProblemList
    ) throws {
        let size = file.size
        let counts = PartCounts(rows: size - start, split: split)
        var borders = [start, start + counts.training, start + counts.training + counts.validation, size]
        for part in 1...2 where borders[part] < size {
            borders[part] = max(borders[part - 1], try TextPieces.border(near: borders[part], in: file))
        }
        var tokenizer = imported
        if tokenizer == nil {
            var training = TokenizerTraining(form.tokenizer)
            if training.needsText {
                try TextPieces.forEach(of: file, in: borders[0]..<borders[1]) { piece in
                    training.add(piece)
                    return !training.isFull
                }
            }
            tokenizer = training.tokenizer()
        }
        let encoding = TextEncoding(tokenizer: tokenizer!, use: form.use, positions: form.positions)
        let ids = try TemporaryFile()
        var hash = SHA256()
        var cache = TokenCache()
        var buffer: [Int32] = []
        var windows: [WindowRun] = []
        for part in 0..<3 {
            let first = ids.size / 4
            try TextPieces.forEach(of: file, in: borders[part]..<borders[part + 1]) { piece in
                hash.update(piece)
                buffer.removeAll(keepingCapacity: true)
                encoding.tokenizer.encode(piece, into: &buffer, cache: &cache)
                try buffer.withUnsafeBytes { try ids.append($0) }
                return true
            }
            let end = ids.size / 4
            let run = WindowRun(
                firstSample: windows.last?.samples.upperBound ?? 0, items: first..<end, length: form.positions + 1,
                stride: form.stride)
            windows.append(run)
            if run.samples.isEmpty, [split.train, split.validation, split.test][part] > 0 {
                let name = ["training", "validation", "test"][part]
                problems.add(
                    "the \(name) part has \(counted(end - first, "token")), fewer than the \(form.positions + 1) of one window"
                )
            }
        }
        try ids.flush()
        try file.checkUnchanged()
        if let original = input.original {
            digest = original.digest
        } else {
            digest = start == 0 ? hash.finalize() : try ContentDigest(ofFile: file.url)
        }
        bytes = size
        self.input = input
        self.form = form
        self.encoding = encoding
        self.ids = ids
        idFile = try InputFile(ids.url)
        text = file
        self.windows = windows
        let samples = windows.map { Array($0.samples) }
        parts = DatasetSplit(training: samples[0], validation: samples[1], test: samples[2])
    }

    var rowCount: Int { sampleCount }
    var sampleCount: Int { windows.last?.samples.upperBound ?? 0 }
    var classes: [String] { [] }
    var sampleClasses: [Int32] { [] }
    var fingerprints: [Fingerprint] { [] }
    var fixedSplit: DatasetSplit? { parts }
    var notes: [DataPlan.Note] { [] }

    func place(of sample: Int) -> String { "the window from token \(windows.start(of: sample))" }

    func fit(_ split: DatasetSplit) throws -> (preprocessing: Preprocessing, problems: ProblemList) {
        (
            Preprocessing(
                features: [], target: .init(name: "token", column: 0, kind: .tokens), fileColumns: 1, offsets: [],
                scales: [], form: .text(encoding), targetCount: encoding.targetPositions),
            ProblemList()
        )
    }

    private func record(rows: Int) -> RecordShard {
        RecordShard(element: .float32, rows: rows, featureCount: form.positions, targetCount: form.positions)
    }

    func shardBytes(of samples: some Collection<Int>) -> Int { record(rows: samples.count).byteCount }

    func writeShard(of samples: some Collection<Int>, to sink: ShardSink) throws {
        let chosen = Array(samples)
        var window = [Int32](repeating: 0, count: form.positions)
        func read(_ first: Int, into numbers: UnsafeMutablePointer<Float>) throws {
            let count = try window.withUnsafeMutableBytes { try idFile.read(into: $0, at: first * 4) }
            guard count == window.count * 4 else { throw DataFileError.changed(idFile.url) }
            for index in window.indices { numbers[index] = Float(window[index]) }
        }
        try record(rows: chosen.count).write(to: sink) { row, features in
            try read(windows.start(of: chosen[row]), into: features)
        } targets: { row, targets in
            try read(windows.start(of: chosen[row]) + 1, into: targets)
        }
    }

    func finish() throws {
        try text.checkUnchanged()
    }
}

/// A text file in pieces that end where a word does, so that no word is cut in two.
enum TextPieces {
    /// Gives the text of a range of bytes piece by piece until `body` says false.
    static func forEach(
        of file: borrowing InputFile, in range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Bool
    ) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: InputFile.pieceBytes, alignment: 16)
        defer { buffer.deallocate() }
        var position = range.lowerBound
        while position < range.upperBound {
            let wanted = min(InputFile.pieceBytes, range.upperBound - position)
            let count = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[0..<wanted]), at: position)
            guard count == wanted else { throw DataFileError.changed(file.url) }
            let text = UnsafeRawBufferPointer(rebasing: buffer[0..<count])
            let end = position + count == range.upperBound ? count : wordStart(before: count, in: text) ?? count
            guard try body(UnsafeRawBufferPointer(rebasing: text[0..<end])) else { return }
            position += end
        }
    }

    /// The next place at or before `offset` where a word begins, or `offset` itself.
    static func border(near offset: Int, in file: borrowing InputFile) throws -> Int {
        let start = max(0, offset - 4096)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: offset - start, alignment: 16)
        defer { buffer.deallocate() }
        let count = try file.read(into: buffer, at: start)
        return wordStart(before: count, in: UnsafeRawBufferPointer(buffer)).map { start + $0 } ?? offset
    }

    /// The last place where a space stands between two other characters: a word's end for every tokenizer.
    private static func wordStart(before end: Int, in text: UnsafeRawBufferPointer) -> Int? {
        var index = end - 2
        while index > 0 {
            if text[index] == UInt8(ascii: " "), text[index - 1] > 32, text[index + 1] > 32 { return index }
            index -= 1
        }
        return nil
    }
}

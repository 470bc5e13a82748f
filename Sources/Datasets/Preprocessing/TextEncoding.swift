/// How texts become rows of token ids of a fixed length. Padding is -1, in inputs and in targets.
public struct TextEncoding: Codable, Sendable, Equatable {
    public static let padding: Float = -1

    public var tokenizer: Tokenizer
    public var use: TextForm.Use
    /// Length of the input; of the source where a text is translated.
    public var positions: Int

    public init(tokenizer: Tokenizer, use: TextForm.Use, positions: Int) {
        self.tokenizer = tokenizer
        self.use = use
        self.positions = positions
    }

    /// Different ids: those of the tokenizer, and where a text is translated a begin and an end token behind them.
    public var vocabulary: Int { tokenizer.count + (use.isTranslation ? 2 : 0) }
    /// The id before the first one of a target; nil unless a text is translated.
    public var begin: Int? { use.isTranslation ? tokenizer.count : nil }
    /// The id behind the last one of a target; nil unless a text is translated.
    public var end: Int? { use.isTranslation ? tokenizer.count + 1 : nil }

    /// The text of one token.
    func label(of id: Int) -> String {
        if id == begin { return "<begin>" }
        return id == end ? "<end>" : tokenizer.decode(CollectionOfOne(id))
    }

    var targetPositions: Int {
        switch use {
        case .classify: 1
        case .translate(_, _, let positions): positions
        case .continueText: positions
        }
    }

    /// Ids of one sample.
    var idCount: Int {
        if case .translate(_, _, let target) = use { positions + target } else { positions }
    }

    /// Texts that a client gives: the text; or the source and what the translation begins with, which may be empty.
    var cellCount: Int { use.isTranslation ? 2 : 1 }

    /// The ids of the source of a raw row, without padding and what else is no id.
    public func source(of raw: UnsafePointer<Float>) -> [Int] {
        (0..<positions).compactMap { Int(exactly: raw[$0]) }.filter { (0..<vocabulary).contains($0) }
    }

    var cellNames: [String] {
        switch use {
        case .classify(let field): [field]
        case .translate(let source, let target, _): [source, target]
        case .continueText: ["text"]
        }
    }

    var isSound: Bool {
        TextForm.positionsAllowed.contains(positions) && TextForm.positionsAllowed.contains(targetPositions)
    }

    /// Writes the ids of one of a client's texts. A text that is too long is cut at its end, but where it is to be
    /// continued at its beginning. Throws `CellError` where nothing is left to read.
    func encode(_ cell: UnsafeRawBufferPointer, at place: Int, into raw: UnsafeMutablePointer<Float>) throws {
        if place == 0, cell.isBlankText { throw CellError(column: "", message: "the text is empty") }
        var ids: [Int32] = []
        var cache = TokenCache()
        tokenizer.encode(cell, into: &ids, cache: &cache)
        if place == 0, ids.isEmpty { throw CellError(column: "", message: "the text is empty") }
        switch use {
        case .classify: fill(raw, positions, ids)
        case .continueText: fill(raw, positions, ids.suffix(positions))
        case .translate:
            if place == 0 { fill(raw, positions, ids) } else { fillShifted(raw, ids) }
        }
    }

    /// The target of a translation, shifted right, behind the source.
    func fillShifted(_ raw: UnsafeMutablePointer<Float>, _ ids: [Int32]) {
        raw[positions] = Float(tokenizer.count)
        fill(raw + positions + 1, targetPositions - 1, ids)
    }

    /// What is to be learned of a translation: its ids and the end token.
    func fillTargets(_ targets: UnsafeMutablePointer<Float>, _ ids: [Int32]) {
        fill(targets, targetPositions, ids + [Int32(tokenizer.count + 1)])
    }

    func fill(_ row: UnsafeMutablePointer<Float>, _ count: Int, _ ids: some Collection<Int32>) {
        var written = 0
        for id in ids.prefix(count) {
            row[written] = Float(id)
            written += 1
        }
        for index in written..<count { row[index] = Self.padding }
    }
}

import Datasets

/// A table of random cells, as CSV or as lines of JSON: numbers in every notation, texts in both forms of Unicode, dates,
/// booleans, lists, words for missing values, quotes and blanks.
struct RandomTable {
    private var random: ReadingRandom
    private(set) var specification: DataSpecification
    private let kinds: [Kind]
    private let rows: Int
    private let isJSON: Bool
    /// Whether cells are there that most columns do not take.
    private let isWild: Bool

    private enum Kind: CaseIterable {
        case plainNumber, number, epoch, word, code, date, boolean, list
    }

    init(seed: UInt64) {
        random = ReadingRandom(state: seed)
        isJSON = random.chance(2)
        isWild = random.chance(4)
        rows = 8 + random.below(40)
        var kinds: [Kind] = []
        for _ in 0...random.below(4) { kinds.append(random.pick(Kind.allCases)) }
        self.kinds = kinds
        specification = DataSpecification(
            path: "", format: isJSON ? .jsonl : .csv, targets: ["label"],
            split: .init(train: 0.75, test: 0.25, order: .file), normalize: .none)
        specification.normalize = random.pick(DataSpecification.Normalization.allCases)
        specification.cleaning.missing = random.pick([.error, .drop, .mean, .median, .mostFrequent, .mean])
        for (index, kind) in kinds.enumerated() {
            switch kind {
            case .date: specification.types["c\(index)"] = .date
            case .code: specification.types["c\(index)"] = random.pick([.category, .index])
            case .word where random.chance(3): specification.types["c\(index)"] = .category
            default: break
            }
        }
    }

    /// The bytes of the file.
    mutating func text() -> [UInt8] {
        var lines: [String] = []
        if !isJSON { lines.append((kinds.indices.map { "c\($0)" } + ["label"]).joined(separator: ",")) }
        for row in 0..<rows {
            // What the first rows hold, the training part holds.
            var cells = kinds.map { cell($0, row: row % 6) }
            cells.append(.text(random.pick(["up", "d\u{F6}wn", "do\u{308}wn"]), row % 2 == 0))
            lines.append(isJSON ? object(cells, row: row) : cells.map { csv($0) }.joined(separator: ","))
        }
        let end = random.pick(["\n", "\r\n"])
        return Array((random.chance(5) ? "\u{FEFF}" : "").utf8) + Array(lines.map { $0 + end }.joined().utf8)
    }

    private enum Cell {
        case bare(String)
        /// A text, and whether it has to be told that it is one.
        case text(String, Bool)
        case list([String])
        case missing
    }

    private mutating func cell(_ kind: Kind, row: Int) -> Cell {
        if case .error = specification.cleaning.missing {
        } else if row > 2, random.chance(6) {
            return random.pick([.missing, .bare(isJSON ? "NaN" : "NA"), .bare(isJSON ? "null" : "nan")])
        }
        if isWild, random.chance(20) {
            return random.pick([
                .text("0x1A", false), .text("1,000", true), .bare(isJSON ? "Infinity" : "inf"), .bare("1e400"),
                .text("NA", true), .text("", true), .text("nan", true), .bare("-1"),
            ])
        }
        switch kind {
        case .plainNumber: return .bare("\(row * 3 - 4)")
        case .number:
            let number = Double(random.below(2_000_001) - 1_000_000) * random.pick([1e-9, 1e-3, 1, 1e7, 1e30])
            let notations =
                isJSON
                ? ["\(number)", "\(number)", "\(Int(number.rounded(.towardZero) / 1e24))"]
                : ["\(number)", "+7", ".5", "5.", "00012", "1E-3", "-0", "3.4028234e38", "1e-400", "16777217"]
            return .bare(random.pick(notations))
        case .epoch: return .bare("\(1_700_000_000 + random.below(200))")
        case .word:
            let words = [
                "caf\u{E9}", "cafe\u{301}", "x, y", "say \"so\"", "new\nline", "tab\tbed", "\u{2028}", "ＮＡ", "Å",
                "A\u{30A}",
            ]
            return .text(words[(row + random.below(2)) % words.count], random.chance(2))
        case .code: return .text(["NA", "007", "7", "null", "none", "-1"][row], random.chance(2))
        case .date:
            return .text(
                random.pick([
                    "2024-02-29", "1969-12", "2024-02-29T12:00:0\(random.below(10))Z", "2024-02-29 23:59:60+01:30",
                    "0001-01-01T00:00:00.125",
                ]), random.chance(2))
        case .boolean: return .bare(random.pick(["true", "false"]))
        case .list: return .list(["\(row)", "\(random.below(100)).25"])
        }
    }

    private mutating func csv(_ cell: Cell) -> String {
        let blanks = random.chance(4) ? "  " : ""
        switch cell {
        case .missing: return blanks
        case .bare(let text): return blanks + text + blanks
        case .list(let list): return list[0]
        case .text(let text, let mustBeQuoted):
            guard mustBeQuoted || text.contains(where: { ",\"\n".contains($0) }) || random.chance(3) else {
                return blanks + text
            }
            return blanks + "\"\(text.replacing("\"", with: "\"\""))\"" + blanks
        }
    }

    private mutating func object(_ cells: [Cell], row: Int) -> String {
        var fields: [String] = []
        for (index, cell) in cells.enumerated() {
            let name = index == kinds.count ? "label" : "c\(index)"
            switch cell {
            case .missing where row > 0 && random.chance(2): continue
            case .missing: fields.append("\"\(name)\": null")
            case .bare(let text): fields.append("\"\(name)\":\(text)")
            case .list(let list): fields.append("\"\(name)\": [\(list.joined(separator: ", "))]")
            case .text(let text, _): fields.append("\"\(name)\": \(Self.json(text))")
            }
        }
        if random.chance(2), row > 0 { fields.shuffle(using: &random) }
        return "{\(fields.joined(separator: ", "))}"
    }

    private static func json(_ text: String) -> String {
        let inner = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
            .replacing("\t", with: "\\u0009")
        return "\"\(inner)\""
    }
}

/// The same numbers in every run.
struct ReadingRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
    mutating func chance(_ of: Int) -> Bool { below(of) == 0 }
    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}

import Foundation

/// Learns the tokenizer that a job asks for from the texts of the training part.
struct TokenizerTraining {
    /// So much text says what is frequent; the rest of a larger training part is not read for it.
    static let maximumBytes = 64 << 20

    private enum Kind {
        case none
        case pairs(PairTraining, vocabulary: Int)
        case words(WordTraining, vocabulary: Int)
    }

    private var kind: Kind
    private var bytes = 0

    init(_ form: TextForm.TokenizerForm) {
        kind =
            switch form {
            case .bytes, .file: .none
            case .pairs(let vocabulary): .pairs(PairTraining(), vocabulary: vocabulary)
            case .words(let vocabulary, let lowercase):
                .words(WordTraining(lowercases: lowercase), vocabulary: vocabulary)
            }
    }

    var needsText: Bool {
        if case .none = kind { false } else { true }
    }

    var isFull: Bool { bytes >= Self.maximumBytes }

    mutating func add(_ text: UnsafeRawBufferPointer) {
        guard !isFull else { return }
        bytes += text.count
        switch kind {
        case .none: break
        case .pairs(var training, let vocabulary):
            kind = .none
            training.add(text)
            kind = .pairs(training, vocabulary: vocabulary)
        case .words(var training, let vocabulary):
            kind = .none
            training.add(text)
            kind = .words(training, vocabulary: vocabulary)
        }
    }

    func tokenizer() -> Tokenizer {
        switch kind {
        case .none: .bytes
        case .pairs(let training, let vocabulary): .pairs(training.tokenizer(vocabulary: vocabulary))
        case .words(let training, let vocabulary): .words(training.tokenizer(vocabulary: vocabulary))
        }
    }

    /// The tokenizer that a job brings along, which is not trained; nil if it brings none.
    static func imported(_ form: TextForm, _ problems: inout ProblemList) throws -> Tokenizer? {
        guard case .file(let path) = form.tokenizer else { return nil }
        let url = URL(filePath: path)
        let file = try InputFile(url)
        guard file.size <= PairTokenizer.maximumFileBytes else {
            problems.add("the tokenizer \(path) has \(file.size) bytes, too many for a tokenizer.json")
            return nil
        }
        do throws(TokenizerError) {
            return .pairs(try PairTokenizer(huggingFace: try contents(of: url)))
        } catch {
            problems.add("the tokenizer \(path) cannot be used: \(error)")
            return nil
        }
    }

    private static func contents(of url: URL) throws(TokenizerError) -> Data {
        do {
            return try Data(contentsOf: url)
        } catch {
            throw TokenizerError("it cannot be read: \(error)")
        }
    }
}

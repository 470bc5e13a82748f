/// How the pictures of a folder become numbers.
public struct ImageForm: Codable, Sendable, Equatable {
    /// Pixels of a side.
    package static let sidesAllowed = 1...ImageDecoder.maximumSide

    /// Pictures of another size are resized to this; nil: all must have one size.
    public var height: Int?
    public var width: Int?
    public var channels: Channels

    public enum Channels: String, Codable, Sendable, CaseIterable {
        case grey, colour = "rgb"

        public var count: Int { self == .grey ? 1 : 3 }
    }

    public init(height: Int? = nil, width: Int? = nil, channels: Channels) {
        self.height = height
        self.width = width
        self.channels = channels
    }
}

/// Samples of consecutive rows: `window` rows are the input, the targets of the `horizon` rows behind them are learned.
public struct SeriesForm: Codable, Sendable, Equatable {
    /// Of a window and of its horizon.
    package static let rowsAllowed = 1...1 << 20
    package static let stridesAllowed = 1...1 << 28

    public var window: Int
    public var horizon: Int
    /// Rows from the start of one sample to that of the next.
    public var stride: Int

    public init(window: Int, horizon: Int = 1, stride: Int = 1) {
        self.window = window
        self.horizon = horizon
        self.stride = stride
    }
}

/// How text becomes rows of token ids.
public struct TextForm: Codable, Sendable, Equatable {
    /// Of an input and of a target.
    package static let positionsAllowed = 1...1 << 20
    package static let stridesAllowed = 1...1 << 28

    public enum Use: Codable, Sendable, Equatable {
        /// The ids of one column or field, padded or cut to `positions`; the target is a class or number.
        case classify(field: String)
        /// The ids of the source, padded to `source` positions, then those of the target shifted right by a begin
        /// token, padded to `target` positions; learned are the target's ids and an end token.
        case translate(source: String, target: String, targetPositions: Int)
        /// Windows of the whole text; learned are the same ids one further.
        case continueText

        package var isTranslation: Bool {
            if case .translate = self { true } else { false }
        }
    }

    public enum TokenizerForm: Codable, Sendable, Equatable {
        /// One token for each byte.
        case bytes
        /// Byte-pair encoding, trained on the training part up to this vocabulary.
        case pairs(vocabulary: Int)
        /// The most frequent words of the training part, in lower case if asked for.
        case words(vocabulary: Int, lowercase: Bool)
        /// A Hugging Face `tokenizer.json`.
        case file(String)
    }

    public var use: Use
    /// Length of the input; of the source where a text is translated.
    public var positions: Int
    public var tokenizer: TokenizerForm
    /// From the start of one window to that of the next, where text is continued.
    public var stride: Int

    public init(use: Use, positions: Int, tokenizer: TokenizerForm, stride: Int? = nil) {
        self.use = use
        self.positions = positions
        self.tokenizer = tokenizer
        self.stride = stride ?? positions
    }

    /// Ids of one sample: its input shape is `[idCount]`.
    public var idCount: Int {
        if case .translate(_, _, let target) = use { positions + target } else { positions }
    }
}

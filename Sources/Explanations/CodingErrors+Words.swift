extension DecodingError: ExplainedError {
    /// Where in the document and what, in one line.
    package var words: String {
        switch self {
        case .keyNotFound(let key, let context): "\(context.place) has no '\(key.stringValue)'"
        case .typeMismatch(let type, let context): "\(context.place) is not of type \(type)"
        case .valueNotFound(let type, let context): "\(context.place) has no value, expected \(type)"
        // What Foundation says of text that no decoder has come to look at.
        case .dataCorrupted(let context) where context.debugDescription.contains("not valid JSON"):
            "it is not JSON"
        case .dataCorrupted(let context): "\(context.place): \(context.debugDescription.bounded)"
        @unknown default: "it cannot be read"
        }
    }
}

extension DecodingError.Context {
    fileprivate var place: String { codingPath.place }
}

extension [any CodingKey] {
    /// Such as `ranks.[2].address`.
    fileprivate var place: String {
        let path = map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
        return path.isEmpty ? "the document" : path.bounded
    }
}

extension String {
    /// Its beginning and its end, where it is so long that nobody would read it.
    fileprivate var bounded: String {
        count > 400 ? "\(prefix(300)) … \(suffix(60))" : self
    }
}

extension EncodingError: ExplainedError {
    /// Where in the document. The value itself may be a whole document, so of what it is there is only a number.
    package var words: String {
        switch self {
        case .invalidValue(let value as any BinaryFloatingPoint, let context):
            "\(context.codingPath.place): \(value) cannot be written"
        case .invalidValue(_, let context):
            "\(context.codingPath.place) holds what cannot be written, or is nested too deeply"
        @unknown default: "it cannot be written"
        }
    }
}

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
        case .dataCorrupted(let context): "\(context.place): \(context.debugDescription)"
        @unknown default: "it cannot be read"
        }
    }
}

extension DecodingError.Context {
    /// Such as `ranks.[2].address`.
    fileprivate var place: String {
        let path = codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
        return path.isEmpty ? "the document" : path
    }
}

extension EncodingError: ExplainedError {
    package var words: String {
        switch self {
        case .invalidValue(let value, let context):
            "\(context.codingPath.map(\.stringValue).joined(separator: ".")): \(value) cannot be written"
        @unknown default: "it cannot be written"
        }
    }
}

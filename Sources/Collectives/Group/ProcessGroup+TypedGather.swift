import Foundation

/// What every rank gave, in rank order, as values. Ranks of one group are of one build and say the same in the same form;
/// a rank that does not is named in a `CollectiveError.malformed`.
extension ProcessGroup {
    /// - Parameter count: of each rank's values; nil: each may give another number of them.
    package func allGather<Value: FixedWidthValue>(
        values: [Value], count: Int? = nil, named name: String
    ) throws -> [[Value]] {
        try allGather(values.encodedForWire(), named: name).enumerated().map { sender, bytes in
            guard let values = [Value](decodingFromWire: bytes), count == nil || values.count == count else {
                throw malformed(name, from: sender)
            }
            return values
        }
    }

    /// One value of each rank.
    package func allGather<Value: FixedWidthValue>(value: Value, named name: String) throws -> [Value] {
        try allGather(values: [value], count: 1, named: name).map { $0[0] }
    }

    /// One document of each rank, as JSON: for the little that is told once a run.
    package func allGather<Document: Codable>(document: Document, named name: String) throws -> [Document] {
        let encoder = JSONEncoder()
        let decoder = JSONDecoder()
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        // Within an array a document may also be nothing.
        let own = Array(try encoder.encode([document]))
        return try allGather(own, named: name).enumerated().map { sender, bytes in
            guard let documents = try? decoder.decode([Document].self, from: Data(bytes)), documents.count == 1 else {
                throw malformed(name, from: sender)
            }
            return documents[0]
        }
    }

    private func malformed(_ what: String, from sender: Int) -> CollectiveError {
        .malformed(what: what, peer: name(sender))
    }
}

import Foundation

/// All-gathers of values: what is short, is told seldom, and that ranks agree on by hearing what each of them says.
extension ProcessGroup {
    /// One value of every rank, in rank order.
    /// - Throws: `CollectiveError.wrongLength` if a rank gave another type.
    package func allGather<Value: GatheredValue>(_ value: Value, named name: String) throws -> [Value] {
        let width = MemoryLayout<Value>.stride
        return try allGather(values: [value], named: name).enumerated().map { rank, values in
            guard values.count == 1 else {
                throw wrongLength(name, from: rank, expected: width, got: width * values.count)
            }
            return values[0]
        }
    }

    /// The values of every rank, in rank order, each as many as it has.
    /// - Throws: `CollectiveError.wrongLength` if a rank gave another type.
    package func allGather<Value: GatheredValue>(values: [Value], named name: String) throws -> [[Value]] {
        let width = MemoryLayout<Value>.stride
        let own = values.withUnsafeBytes { Array($0) }
        return try allGather(own, named: name).enumerated().map { rank, bytes in
            let count = bytes.count / width
            guard bytes.count == width * count else {
                throw wrongLength(name, from: rank, expected: width * (count + 1), got: bytes.count)
            }
            return Array(unsafeUninitializedCapacity: count) { buffer, initialized in
                bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(buffer).copyMemory(from: $0) }
                initialized = count
            }
        }
    }

    /// What every rank gives, in rank order, as JSON: for texts and for documents, told once or twice a run. Numbers may
    /// be such as are not finite.
    /// - Throws: `CollectiveError.malformed` if a rank gave something else.
    package func allGather<Value: Codable>(document own: Value, named name: String) throws -> [Value] {
        let encoder = JSONEncoder()
        let decoder = JSONDecoder()
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        // In an array, since nil is no document of its own.
        let bytes = Array(try encoder.encode([own]))
        return try allGather(bytes, named: name).enumerated().map { rank, bytes in
            guard let values = try? decoder.decode([Value].self, from: Data(bytes)), values.count == 1 else {
                throw CollectiveError.malformed(operation: "all-gather of \(name)", peer: self.name(rank))
            }
            return values[0]
        }
    }

    private func wrongLength(_ name: String, from rank: Int, expected: Int, got: Int) -> CollectiveError {
        .wrongLength(operation: "all-gather of \(name)", peer: self.name(rank), expected: expected, got: got)
    }
}

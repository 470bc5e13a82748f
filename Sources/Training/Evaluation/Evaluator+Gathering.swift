import Collectives
import Foundation

extension Evaluator {
    /// What every rank says, in rank order, as JSON: for the little that is told once a run.
    func gather<Value: Codable>(_ own: Value, named name: String) throws -> [Value] {
        let encoder = JSONEncoder()
        let decoder = JSONDecoder()
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        return try group.allGather(Array(try encoder.encode(own)), named: name).map { bytes in
            do {
                return try decoder.decode(Value.self, from: Data(bytes))
            } catch {
                throw TrainingError.ranksDisagree(what: "the form of \(name)")
            }
        }
    }
}

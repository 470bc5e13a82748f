import Foundation
import Testing

@testable import martlet

@Suite struct OutputTests {
    private struct Figures: Encodable {
        var loss: Double
        var metrics: [String: Double]
        var note: String
    }

    @Test func figuresThatAreNoFiniteNumbersAreNull() throws {
        let text = try Output.text(
            of: Figures(loss: .nan, metrics: ["a": .infinity, "b": -.infinity, "c": 0.5], note: "NaN"))
        let read = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(read["loss"] is NSNull)
        let metrics = try #require(read["metrics"] as? [String: Any])
        #expect(metrics["a"] is NSNull && metrics["b"] is NSNull && metrics["c"] as? Double == 0.5)
        #expect(read["note"] as? String == "NaN")
    }

    /// In the order of their names, so that two outputs can be compared.
    @Test func onOneLine() throws {
        let values = Dictionary(uniqueKeysWithValues: "hgfedcba".enumerated().map { (String($1), $0) })
        #expect(try Output.line(of: values) == #"{"a":7,"b":6,"c":5,"d":4,"e":3,"f":2,"g":1,"h":0}"#)
        #expect(try Output.line(of: ["text/plain": Double.nan]) == #"{"text/plain":null}"#)
    }
}

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
}

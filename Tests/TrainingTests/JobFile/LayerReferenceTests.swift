import Foundation
import NeuralNetworks
import Testing

@testable import Training

/// docs/job-file.md lists the layers and the ranges of numbers as their declarations do. With `MARTLET_WRITE_REFERENCE` in
/// the environment the tables are written instead of compared.
@Suite(.serialized) struct LayerReferenceTests {
    @Test func theReferenceIsThatOfTheRegistry() throws { try compare(LayerKind.reference, of: "layers") }

    @Test func theRangesAreThoseOfTheParser() throws { try compare(JobNumberReference.table, of: "ranges") }

    private func compare(_ reference: String, of name: String) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../docs/job-file.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        let start = try #require(text.range(of: "<!-- \(name): made from the declarations in the code -->\n"))
        let end = try #require(text.range(of: "<!-- end of \(name) -->"))
        if ProcessInfo.processInfo.environment["MARTLET_WRITE_REFERENCE"] != nil {
            let whole = text[..<start.upperBound] + reference + text[end.lowerBound...]
            try String(whole).write(to: file, atomically: true, encoding: .utf8)
        } else {
            #expect(String(text[start.upperBound..<end.lowerBound]) == reference)
        }
    }
}

import Foundation
import NeuralNetworks
import Testing

/// docs/job-file.md lists the layers as their declarations do.
@Suite struct LayerReferenceTests {
    /// With `MARTLET_WRITE_REFERENCE` in the environment the table is written instead of compared.
    @Test func theReferenceIsThatOfTheRegistry() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../docs/job-file.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        let start = try #require(text.range(of: "<!-- layers: made from the declarations in the code -->\n"))
        let end = try #require(text.range(of: "<!-- end of layers -->"))
        if ProcessInfo.processInfo.environment["MARTLET_WRITE_REFERENCE"] != nil {
            let whole = text[..<start.upperBound] + LayerKind.reference + text[end.lowerBound...]
            try String(whole).write(to: file, atomically: true, encoding: .utf8)
        } else {
            #expect(String(text[start.upperBound..<end.lowerBound]) == LayerKind.reference)
        }
    }
}

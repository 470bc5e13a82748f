import Foundation
import MartletTraining
import Testing

/// The code in the documentation of the library is code that is compiled, and that runs: `DocumentedExamples`.
@Suite struct DocumentationTests {
    private static let repository = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        .standardizedFileURL
    private static let library = repository.appending(path: "Sources/MartletTraining")
    /// Where the types are that the library hands on and that a model is made of.
    private static let tracing = repository.appending(path: "Sources/NeuralNetworks/Tracing")
    private static let guide = repository.appending(path: "docs/swift-api.md")

    private let compiled: SwiftSource

    init() throws {
        compiled = try SwiftSource(
            Self.repository.appending(path: "Tests/MartletTrainingTests/DocumentedExamples.swift"))
    }

    /// The guide's blocks are one program; what stands in another file is none of it.
    private static func guideProgram() throws -> String {
        SwiftSource.examples(in: try SwiftSource(guide).lines).filter { !$0.hasPrefix("// Package.swift") }
            .joined(separator: " ")
    }

    @Test func everyPublicTypeHasAnExample() throws {
        var types: Set<String> = []
        for source in try SwiftSource.all(in: Self.library) {
            for declaration in source.declarations {
                guard let type = declaration.publicType else { continue }
                types.insert(type)
                #expect(!declaration.examples.isEmpty, "\(type) in \(source.name) has no example")
            }
        }
        #expect(types.isSuperset(of: ["Trainer", "Progress", "TrainingData", "TrainingResult", "Predictor"]))
    }

    @Test func everyExampleIsCompiled() throws {
        let sources = try [Self.library, Self.tracing].flatMap(SwiftSource.all)
        let shown = sources.flatMap { source in source.declarations.flatMap(\.examples).map { (source.name, $0) } }
        let bodies = compiled.functionBodies
        for (file, example) in shown {
            #expect(bodies.contains(example), "\(file) shows what DocumentedExamples.swift does not have")
        }
        let guide = try Self.guideProgram()
        #expect(bodies.contains(guide), "docs/swift-api.md shows what DocumentedExamples.swift does not have")
        #expect(Set(shown.map(\.1) + [guide]) == Set(bodies), "an example is not shown anywhere")
    }

    /// As a user sees the library: by its public interface alone.
    @Test func examplesImportTheLibraryOnly() {
        let imports = compiled.lines.filter { $0.contains("import ") }
        #expect(imports == ["import Foundation", "import MartletTraining"])
    }

    @Test func theExampleProgramNamesItsFiles() throws {
        let folder = Self.repository.appending(path: "examples/custom-model")
        let text = try String(contentsOf: folder.appending(path: "README.md"), encoding: .utf8)
        for source in try SwiftSource.all(in: folder) {
            #expect(text.contains("| `\(source.name)` |"), "README.md says nothing of \(source.name)")
        }
        let usage = try SwiftSource(folder.appending(path: "Arguments.swift")).declarations.flatMap(\.documentation)[0]
        for option in usage.split(separator: "] [") {
            let words = option.filter { !"[]`".contains($0) }
            #expect(text.contains("`\(words)`"), "README.md says nothing of \(words)")
        }
    }
}

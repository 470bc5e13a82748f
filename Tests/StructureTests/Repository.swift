import Foundation
import Testing

/// The sources beside which these tests lie.
enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The modules of Swift below `Sources`, with their files.
    static let modules: [ModuleSources] = {
        let folders = (try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: "Sources").path)) ?? []
        return folders.sorted().compactMap { try? ModuleSources($0) }.filter { !$0.files.isEmpty }
    }()

    static func module(_ name: String) throws -> ModuleSources {
        try #require(modules.first { $0.name == name }, "there is no module \(name)")
    }
}

/// The files of one module.
struct ModuleSources: Sendable, CustomTestStringConvertible {
    let name: String
    let files: [SourceFile]

    var testDescription: String { name }

    init(_ name: String) throws {
        self.name = name
        let folder = Repository.root.appending(path: "Sources/\(name)")
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }
        files = try paths.sorted().map {
            SourceFile(path: $0, text: try String(contentsOf: folder.appending(path: $0), encoding: .utf8))
        }
    }

    init(_ name: String, _ texts: [String: String]) {
        self.name = name
        files = texts.sorted { $0.key < $1.key }.map { SourceFile(path: $0.key, text: $0.value) }
    }

    /// Which folder needs which, with a pair of files that shows it. A file of the module's root stands for itself: a
    /// shell at the top and a type at the bottom are no cycle.
    var folders: Dependencies {
        var homes: [String: Set<String>] = [:]
        for file in files { for name in file.declarations { homes[name, default: []].insert(file.path) } }
        let places = Dictionary(uniqueKeysWithValues: files.map { ($0.path, $0.node) })
        var dependencies = Dependencies()
        for file in files {
            for name in file.uses.sorted() {
                // What several files declare, say private types of one name, is nobody's in particular.
                guard let home = homes[name], home.count == 1, let path = home.first, let node = places[path] else {
                    continue
                }
                dependencies.add(file.node, needs: node, because: "\(file.path) uses \(name) of \(path)")
            }
        }
        return dependencies
    }
}

import Foundation
import Testing

/// What `Package.swift` says of the targets.
struct PackageManifest: Sendable {
    /// By target: modules of the package, and by their constants products of others.
    private(set) var dependencies = Dependencies()
    private(set) var targets: Set<String> = []

    init() throws {
        let text = try String(contentsOf: Repository.root.appending(path: "Package.swift"), encoding: .utf8)
        let target = #/(?:module|testKit)\(\s*"(\w+)"(?:,\s*\[([^\]]*)\](?: \+ (\w+))?)?,?\s*\)/#
        for match in text.matches(of: target) {
            add(String(match.output.1), match.output.2, match.output.3)
        }
        let program = #/executableTarget\(\s*name: "([\w-]+)",\s*dependencies: \[([^\]]*)\](?: \+ (\w+))?/#
        for match in text.matches(of: program) {
            add(String(match.output.1), match.output.2, match.output.3)
        }
    }

    private mutating func add(_ target: String, _ list: Substring?, _ more: Substring?) {
        targets.insert(target)
        let names = (list.map(String.init) ?? "").split(separator: ",") + (more.map { [$0] } ?? [])
        for name in names {
            let name = name.trimmingCharacters(in: CharacterSet(charactersIn: " \n\""))
            if !name.isEmpty { dependencies.add(target, needs: name, because: "Package.swift") }
        }
    }

    func all(neededBy target: String) -> Set<String> { dependencies.reachable(from: target) }
    func declared(by target: String) -> Set<String> { Set(dependencies.edges[target, default: [:]].keys) }
}

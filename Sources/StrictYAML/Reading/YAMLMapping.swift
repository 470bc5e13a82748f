import Explanations

/// Keys and values of a YAML file. A key counts as known once it was asked for; the others are unknown when the mapping
/// was read.
///
/// A key without a default must be there. A key that stands there with nothing behind it is not taken for left out.
package final class YAMLMapping {
    package let path: String
    private let entries: [YAMLNode.Entry]
    private let place: YAMLPlace
    private let problems: YAMLProblems
    private let problemsBefore: Int
    private var known: [String] = []

    init(_ entries: [YAMLNode.Entry], place: YAMLPlace, path: String, _ problems: YAMLProblems) {
        self.entries = entries
        self.place = place
        self.path = path
        self.problems = problems
        problemsBefore = problems.all.count
    }

    /// The keys that are there, in order of the file.
    package var keys: [String] { entries.map(\.key) }

    /// Nothing wrong was found in this mapping so far: no stand-in was given, so figures may be held against each other.
    package var isSoundSoFar: Bool { problems.all.count == problemsBefore }

    /// The value of a key that may be left out.
    package func value(_ key: String) -> YAMLValue? {
        if !known.contains(key) { known.append(key) }
        guard let entry = entries.first(where: { $0.key == key }) else { return nil }
        return YAMLValue(entry.value, path: path(of: key), problems)
    }

    /// The value of a key that must be there; notes a problem if it is not.
    package func required(_ key: String, _ what: String) -> YAMLValue? {
        if let value = value(key) { return value }
        problems.add(
            YAMLProblem(place: place, path: path, message: "the key '\(key)' is missing: expected \(what)"))
        return nil
    }

    /// Notes a problem of a key, which may be one within others such as `coordinator.host`, or of the whole mapping.
    package func report(_ key: String? = nil, _ message: String) {
        let keys = key?.split(separator: ".").map(String.init) ?? []
        problems.add(YAMLProblem(place: place(of: keys), path: key.map(path(of:)) ?? path, message: message))
    }

    /// Of the innermost value that is there.
    private func place(of keys: [String]) -> YAMLPlace {
        var (place, entries) = (place, entries)
        for key in keys {
            guard let value = entries.first(where: { $0.key == key })?.value else { break }
            place = value.place
            guard case .mapping(let inner) = value.content else { break }
            entries = inner
        }
        return place
    }

    /// Leaves the keys that nobody asked for unsaid: which there are follows from a value that is wrong itself.
    package func passOverUnknownKeys() {
        known += keys
    }

    /// Notes each key that nobody asked for, with the nearest that somebody did. Done by itself for mappings that are
    /// read by a closure.
    package func reportUnknownKeys() {
        for entry in entries where !known.contains(entry.key) {
            let missing = known.filter { key in !entries.contains { $0.key == key } }
            let hint =
                if let near = nearestWord(to: entry.key, in: missing) {
                    "did you mean '\(near)'?"
                } else {
                    "known are \(known.joined(separator: ", "))"
                }
            problems.add(YAMLProblem(place: entry.place, path: path(of: entry.key), message: "unknown key: \(hint)"))
        }
    }

    private func path(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
}

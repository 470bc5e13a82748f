/// Reads a YAML file into a value, strictly: unknown and missing keys, wrong types and values out of range are errors.
///
///     let size = try YAMLFile.read(YAMLSource(url)) { file in
///         Size(width: file.integer("width", in: 1...), height: file.integer("height", in: 1..., default: 1))
///     }
///
/// The closure asks for what it needs. Where something is wrong it is given a stand-in and the problem is noted, so one
/// run finds every problem; what the closure made is thrown away then.
package enum YAMLFile {
    /// Throws `YAMLError` with all problems of the file and the overrides, each of which is a `key.path=value`.
    package static func read<Result>(
        _ source: YAMLSource, overrides: [YAMLOverride] = [], _ body: (YAMLMapping) -> Result
    ) throws(YAMLError) -> Result {
        try read(text: source.text, file: source.path, overrides: overrides, body)
    }

    /// The same for text in memory; `file` names it in errors.
    package static func read<Result>(
        text: String, file: String, overrides: [YAMLOverride] = [], _ body: (YAMLMapping) -> Result
    ) throws(YAMLError) -> Result {
        let problems = YAMLProblems()
        var root: YAMLNode
        do {
            root = try YAMLNode(parsing: text)
        } catch {
            throw YAMLError(file: file, problems: [error])
        }
        for override in overrides {
            do {
                try root.set(override)
            } catch {
                problems.add(error)
            }
        }
        let value = YAMLValue(root, path: "", problems)
        guard let mapping = value.asMapping() else { throw YAMLError(file: file, problems: problems.all) }
        let result = body(mapping)
        mapping.reportUnknownKeys()
        guard problems.all.isEmpty else { throw YAMLError(file: file, problems: problems.all) }
        return result
    }
}

/// The problems found so far in one file, shared by all values of it.
final class YAMLProblems {
    private(set) var all: [YAMLProblem] = []

    func add(_ problem: YAMLProblem) {
        all.append(problem)
    }
}

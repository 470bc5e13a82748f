import Checkpoints
public import Foundation
import Tensors

extension StateDictionary {
    /// Reads a file by name, as strictly as `load_state_dict` does: each parameter is there in its shape, and nothing
    /// else is. Numbers may be floats of any width; they are rounded to 32 bits.
    ///
    /// - Parameter values: flat, as the network's `layout` says; untouched if anything is wrong with the names.
    /// - Throws: `StateDictionaryError` with all that does not fit, `SafetensorsError` if it is no such file, or
    ///   `StoreError` if it cannot be read.
    public func read(contentsOf url: URL, into values: UnsafeMutablePointer<Float>) throws {
        let source = try SafetensorsFile(contentsOf: url)
        let problems = problems(of: source.layout)
        guard problems.isEmpty else {
            throw StateDictionaryError(file: url.lastPathComponent, problems: problems)
        }
        for entry in parameters.entries {
            try source.readFloats(entry.name, into: values + entry.offset)
            if let index = (0..<entry.count).first(where: { !values[entry.offset + $0].isFinite }) {
                throw StateDictionaryError(
                    file: url.lastPathComponent,
                    problems: ["'\(entry.name)' holds \(values[entry.offset + index]) at index \(index)"])
            }
        }
    }

    private func problems(of found: SafetensorsLayout) -> [String] {
        var problems: [String] = []
        for entry in parameters.entries {
            guard let tensor = found.tensor(named: entry.name) else {
                problems.append("'\(entry.name)' is missing: expected \(entry.shape)")
                continue
            }
            if tensor.shape != entry.shape {
                problems.append("'\(entry.name)' has the shape \(tensor.shape): expected \(entry.shape)")
            }
            if !tensor.elementType.isReadAsFloats {
                problems.append("'\(entry.name)' holds \(tensor.elementType.rawValue): expected floats")
            }
        }
        return problems
            + found.tensors.filter { parameters.entry(named: $0.name) == nil }
            .map { "'\($0.name)' is no parameter of the network" }
    }
}

/// What of a `state_dict` does not fit a network: all of it, not only the first.
public struct StateDictionaryError: Error, Equatable, CustomStringConvertible {
    public let file: String
    public let problems: [String]

    public var description: String {
        let shown = problems.prefix(10)
        let rest = problems.count - shown.count
        return "\(file): \(shown.joined(separator: "; "))" + (rest > 0 ? "; and \(rest) more" : "")
    }
}

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
        let problems =
            source.layout.misfits(of: parameters).map(\.description)
            + source.layout.strangers(to: parameters).map { "'\($0)' is no parameter of the network" }
        guard problems.isEmpty else {
            throw StateDictionaryError(file: url.lastPathComponent, problems: problems)
        }
        try source.read(parameters, of: url.lastPathComponent, into: values)
        if let (entry, index) = parameters.firstNonFinite(in: values) {
            throw StateDictionaryError(
                file: url.lastPathComponent,
                problems: ["'\(entry.name)' holds \(values[entry.offset + index]) at index \(index)"])
        }
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

public import Tensors

/// What a network could take over from another one's parameters.
public struct Adoption: Sendable, Equatable {
    /// Names of what was taken over.
    public internal(set) var adopted: [String] = []
    /// Names of what the base does not have; it starts as it would without a base.
    public internal(set) var missing: [String] = []
    /// Names of what the base has in another shape, such as a head for other classes; the same.
    public internal(set) var reshaped: [String] = []
    /// Names of what only the base has.
    public internal(set) var unused: [String] = []
}

extension Network {
    /// Takes over, name by name, what another network learned, running statistics too; leaves the rest as it is.
    ///
    /// - Parameters:
    ///   - base: where the other network's parameters lie.
    ///   - values: flat, as `base` says.
    ///   - parameters: flat, as `layout` says, with their starting values.
    /// - Throws: `NetworkError.nothingToAdopt` if no parameter has the same name and shape.
    @discardableResult
    public func adopt(
        _ base: ParameterLayout, _ values: UnsafePointer<Float>, into parameters: UnsafeMutablePointer<Float>
    ) throws(NetworkError) -> Adoption {
        var adoption = Adoption()
        for entry in layout.entries {
            guard let other = base.entry(named: entry.name) else {
                adoption.missing.append(entry.name)
                continue
            }
            guard other.shape == entry.shape else {
                adoption.reshaped.append(entry.name)
                continue
            }
            adoption.adopted.append(entry.name)
            (parameters + entry.offset).update(from: values + other.offset, count: entry.count)
        }
        adoption.unused = base.entries.map(\.name).filter { layout.entry(named: $0) == nil }
        guard !adoption.adopted.isEmpty else {
            throw .nothingToAdopt(names: layout.entries.map(\.name), base: base.entries.map(\.name))
        }
        return adoption
    }
}

public import Tensors

/// What a network could take over from another one's parameters.
public struct Adoption: Sendable, Equatable {
    /// Names of what was taken over.
    public internal(set) var adopted: [String] = []
    /// Names of what the base does not have; it starts as it would without a base.
    public internal(set) var missing: [String] = []
    /// What the base has in another shape, such as a head for other classes; the same.
    public internal(set) var reshaped: [Reshaped] = []
    /// Names of what only the base has.
    public internal(set) var unused: [String] = []

    public struct Reshaped: Sendable, Equatable, CustomStringConvertible {
        public let name: String
        public let base: [Int]
        public let own: [Int]

        public var description: String { "\(name) (\(base) there, \(own) here)" }
    }

    /// Whether the network has all of it from the base, and the base nothing else.
    public var isComplete: Bool { missing.isEmpty && reshaped.isEmpty && unused.isEmpty }
}

extension Adoption: CustomStringConvertible {
    /// What was taken over, what was not, and why.
    public var description: String {
        let total = adopted.count + missing.count + reshaped.count
        var parts = ["\(adopted.count) of \(total) parameters are taken over"]
        if !reshaped.isEmpty {
            parts.append("in another shape and begun anew: \(Self.listed(reshaped.map(\.description)))")
        }
        if !missing.isEmpty { parts.append("not there and begun anew: \(Self.listed(missing))") }
        if !unused.isEmpty { parts.append("there and not used: \(Self.listed(unused))") }
        return parts.joined(separator: "; ")
    }

    static func listed(_ names: [String]) -> String {
        names.prefix(10).joined(separator: ", ") + (names.count > 10 ? " and \(names.count - 10) more" : "")
    }
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
                adoption.reshaped.append(
                    Adoption.Reshaped(name: entry.name, base: other.shape, own: entry.shape))
                continue
            }
            adoption.adopted.append(entry.name)
            (parameters + entry.offset).update(from: values + other.offset, count: entry.count)
        }
        adoption.unused = base.entries.map(\.name).filter { layout.entry(named: $0) == nil }
        guard !adoption.adopted.isEmpty else {
            throw .nothingToAdopt(
                names: layout.entries.map { "\($0.name) \($0.shape)" },
                base: base.entries.map { "\($0.name) \($0.shape)" }, reshaped: adoption.reshaped)
        }
        return adoption
    }
}

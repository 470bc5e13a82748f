import Explanations
import ClusterProtocol
import Digests
import Wire

/// A routing table arranged for look-up by the names in a request's path.
struct RouteIndex: Sendable {
    /// Nil before the first table.
    let position: RoutingPosition?
    /// In the order of the table.
    let routes: [RoutingTable.Route]
    var epoch: UInt64 { position?.epoch ?? 0 }
    private let versions: [String: [Int: Target]]
    private let aliases: [String: [String: Int]]

    /// One version and the nodes that hold it.
    struct Target: Sendable {
        let route: RoutingTable.Route
        let nodeNames: [String]
        /// As it appears in a path and in answers.
        let versionText: String
        /// The checkpoint's digest as it appears in answers.
        let digestText: String
    }

    /// The alias that answers requests which name no version.
    static let defaultAlias = "production"

    /// Without a table nothing is known of any model.
    init(_ table: RoutingTable? = nil) {
        position = table?.position
        routes = table?.models ?? []
        var versions: [String: [Int: Target]] = [:]
        var aliases: [String: [String: Int]] = [:]
        for route in routes {
            versions[route.model, default: [:]][route.version] = Target(
                route: route, nodeNames: route.nodes.map(\.name), versionText: String(route.version),
                digestText: route.digest.description)
            for alias in route.aliases { aliases[route.model, default: [:]][alias] = route.version }
        }
        self.versions = versions
        self.aliases = aliases
    }

    /// Every node of the table once.
    var nodes: Set<RoutingTable.Node> { Set(routes.flatMap(\.nodes)) }

    /// What is served, and what is not, is known by a table only.
    func requireTable() throws(Failure) {
        guard position == nil else { return }
        throw Failure(
            .unavailable, "this gateway does not know yet what is served: no coordinator has told it; try again")
    }

    /// `version` is a number or an alias; nil means the alias `production`.
    func target(model: String, version: String?) throws(Failure) -> Target {
        try requireTable()
        guard let held = versions[model] else {
            let names = Set(routes.map(\.model)).sorted()
            throw Failure(
                .notFound,
                names.isEmpty
                    ? "no model is served yet: promote a version first"
                    : "no model '\(model)' is served here: expected \(Self.list(names)); one that was trained is served once "
                        + "a version of it is promoted")
        }
        let number = version.flatMap { Int(digits: $0) } ?? aliases[model]?[version ?? Self.defaultAlias]
        guard let number, let target = held[number] else {
            let known = held.keys.sorted().map(String.init) + (aliases[model].map { $0.keys.sorted() } ?? [])
            throw Failure(
                .notFound,
                number.map {
                    """
                    model '\(model)': version \($0) is not served here: expected \(Self.list(known)); a version that was \
                    trained is served once it is promoted
                    """
                } ?? version.map {
                    "model '\(model)' has no version or alias '\($0)' here: expected \(Self.list(known))"
                        + Self.remedy(for: $0)
                }
                    ?? """
                    model '\(model)' has no version with the alias '\(Self.defaultAlias)': name one of \
                    \(Self.list(known)), or promote a version
                    """)
        }
        return target
    }

    /// The same version as this table has it, nil where it does not.
    func successor(of target: Target) -> Target? { versions[target.route.model]?[target.route.version] }

    /// What makes a name an alias. Digits are none, but a version's number, written in one way only.
    private static func remedy(for name: String) -> String {
        guard !name.isEmpty, name.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return ClusterName.isValidAlias(name) ? ", or promote a version to '\(name)'" : ""
        }
        return name.hasPrefix("0") ? "; the number of a version is written without zeros before it" : ""
    }

    private static func list(_ names: [String]) -> String {
        names.prefix(20).joined(separator: ", ") + (names.count > 20 ? ", …" : "")
    }
}

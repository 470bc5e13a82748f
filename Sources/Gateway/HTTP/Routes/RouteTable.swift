import NIOHTTP1

/// Everything that can be asked over HTTP, found by the parts of a path.
struct RouteTable: Sendable {
    /// A place in a path. Built once, and read from then on.
    private final class Place: Sendable {
        let literals: [(name: String, place: Place)]
        let parameter: Place?
        /// The path may end here.
        let endpoint: RouteEndpoint?
        /// Whatever follows.
        let rest: RouteEndpoint?

        init(_ paths: [Path], depth: Int) {
            var names: [String] = []
            for case .literal(let name)? in paths.map({ $0.segment(depth) }) where !names.contains(name) {
                names.append(name)
            }
            literals = names.map { name in
                (name, Place(paths.filter { $0.segment(depth) == .literal(name) }, depth: depth + 1))
            }
            let open = paths.filter { if case .parameter? = $0.segment(depth) { true } else { false } }
            parameter = open.isEmpty ? nil : Place(open, depth: depth + 1)
            endpoint = Self.endpoint(paths.filter { $0.segments.count == depth })
            rest = Self.endpoint(paths.filter { $0.segment(depth) == .rest })
        }

        private static func endpoint(_ paths: [Path]) -> RouteEndpoint? {
            guard let first = paths.first else { return nil }
            let methods = Set(paths.map { $0.route.method?.rawValue })
            precondition(
                methods.count == paths.count && (paths.count == 1 || !methods.contains(nil)),
                "two routes for one method of \(first.route.pattern)")
            precondition(
                paths.allSatisfy { $0.parameters == first.parameters },
                "two names for one part of \(first.route.pattern)")
            return RouteEndpoint(paths.map(\.route), parameters: first.parameters)
        }

        /// What is written out goes before what is open.
        func find(_ parts: [String], from index: Int) -> RouteEndpoint? {
            guard index < parts.count else { return endpoint ?? rest }
            for literal in literals where literal.name == parts[index] {
                if let found = literal.place.find(parts, from: index + 1) { return found }
            }
            return parameter?.find(parts, from: index + 1) ?? rest
        }
    }

    private struct Path {
        let segments: [PathPattern.Segment]
        let route: Route

        func segment(_ index: Int) -> PathPattern.Segment? { index < segments.count ? segments[index] : nil }

        var parameters: [RouteEndpoint.Parameter] {
            segments.enumerated().compactMap { index, segment in
                guard case .parameter(let name) = segment else { return nil }
                return RouteEndpoint.Parameter(name: name, index: index)
            }
        }
    }

    let routes: [Route]
    private let root: Place
    /// The server as a whole, `*`.
    private let server: RouteEndpoint
    private let nothing: Route

    /// - Parameter nothing: why there is nothing at a path that no route has.
    init(_ routes: [Route], nothing: @escaping @Sendable (HTTPRequestHead) -> Refusal) {
        self.routes = routes
        root = Place(
            routes.flatMap { route in PathPattern(route.pattern).alternatives.map { Path(segments: $0, route: route) }
            },
            depth: 0)
        server = RouteEndpoint(routes.filter { $0.method != nil && $0.method != .OPTIONS }, parameters: [])
        self.nothing = Route("none", nil, "**", action: .refuse(nothing))
    }

    /// A request always has a route, be it one that refuses it.
    func match(_ head: HTTPRequestHead) -> RouteMatch {
        // A target that OPTIONS alone can have.
        guard head.uri != RequestTarget.server else { return RouteMatch(server.route(for: .OPTIONS)) }
        let parts = RequestPath.parts(head.uri)
        guard let endpoint = root.find(parts, from: 0) else { return RouteMatch(nothing) }
        return RouteMatch(endpoint.route(for: head.method), parts: parts, parameters: endpoint.parameters)
    }
}

/// What a request asks for: a route, and the parts of the path that its pattern leaves open.
struct RouteMatch: Sendable {
    let route: Route
    private let parts: [String]
    private let parameters: [RouteEndpoint.Parameter]

    init(_ route: Route, parts: [String] = [], parameters: [RouteEndpoint.Parameter] = []) {
        self.route = route
        self.parts = parts
        self.parameters = parameters
    }

    /// Nil where this path does not have it.
    subscript(parameter: String) -> String? {
        parameters.first { $0.name == parameter }.map { parts[$0.index] }
    }
}

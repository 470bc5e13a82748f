import NIOHTTP1

/// All routes of one path, by method, and what follows from them: HEAD where there is GET, OPTIONS everywhere, and 405 for
/// the rest.
final class RouteEndpoint: Sendable {
    struct Parameter: Equatable, Sendable {
        let name: String
        /// Of the part of the path.
        let index: Int
    }

    let parameters: [Parameter]
    /// As the field `allow` lists them.
    let allow: String
    private let routes: [Route]
    private let options: Route
    private let others: Route

    init(_ routes: [Route], parameters: [Parameter]) {
        self.routes = routes
        self.parameters = parameters
        let allow = Self.allow(routes)
        self.allow = allow
        // What is asked about a path is granted what requests for it are.
        let terms = routes.allSatisfy(\.terms.isOperational) ? Route.Terms.operational : .usual
        let pattern = routes.first?.pattern ?? RequestTarget.server
        options = Route("options", .OPTIONS, pattern, terms, action: .answer { _ in Answer(allow: allow) })
        others = Route(
            "other-method", nil, pattern, terms,
            action: .refuse { head in
                var refusal = Refusal(
                    .methodNotAllowed, "\(head.uri.prefix(200)): expected one of \(allow), got \(head.method)")
                refusal.headers = [("allow", allow)]
                return refusal
            })
    }

    func route(for method: HTTPMethod) -> Route {
        let wanted = method == .HEAD ? .GET : method
        if let route = routes.first(where: { $0.method == nil || $0.method == wanted }) { return route }
        return method == .OPTIONS ? options : others
    }

    private static func allow(_ routes: [Route]) -> String {
        var methods = Set(routes.compactMap(\.method?.rawValue))
        if methods.contains(HTTPMethod.GET.rawValue) { methods.insert(HTTPMethod.HEAD.rawValue) }
        methods.remove(HTTPMethod.OPTIONS.rawValue)
        let known = RequestLine.methods.map(\.rawValue).filter(methods.contains)
        return (known + [HTTPMethod.OPTIONS.rawValue]).joined(separator: ", ")
    }
}

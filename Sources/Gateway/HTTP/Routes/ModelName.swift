/// Which model a request is about.
struct ModelName: Equatable, Sendable {
    var model: String
    /// A number or an alias; nil: the alias that answers requests which name none.
    var version: String?

    /// By `{model}` and `{version}` in the pattern of the request's route.
    init(_ match: RouteMatch) {
        guard let model = match["model"] else { preconditionFailure("\(match.route.pattern) has no {model}") }
        self.model = model
        version = match["version"]
    }
}

import Hummingbird

/// Turns the router's own errors, which have no body, into refusals that say what was expected.
struct RouterErrors: RouterMiddleware {
    typealias Context = GatewayContext

    func handle(
        _ request: Request, context: GatewayContext,
        next: (Request, GatewayContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError {
            guard error.status == .notFound else { throw Refusal(error.status, error.body ?? "\(error.status)") }
            throw Refusal(
                .notFound,
                """
                no route for \(request.method) \(request.uri.path): expected one of the Open Inference Protocol v2, \
                as GET /v2/models/{model} or POST /v2/models/{model}/infer
                """)
        }
    }
}

/// Refuses what there is no route for, before anything else is asked of the request.
struct KnownRoutes: Middleware {
    func receive(_ request: inout GatewayRequest) throws(Refusal) {
        try request.route.check(request.head)
    }
}

/// Lets no more requests be answered at once than the gateway may hold. Health and metrics are answered whatever else there
/// is.
struct RequestLimit: Middleware {
    func receive(_ request: inout GatewayRequest) throws(Refusal) {
        guard !request.route.terms.isOperational else { return }
        try request.ticket.begin()
    }
}

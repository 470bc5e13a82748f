import NIOHTTP1

/// Counts answers by route and status. What is counted by version is counted by the route, which alone knows the version.
struct AnswerCounts: Middleware {
    let metrics: GatewayMetrics

    func send(_ answer: inout Answer, for request: GatewayRequest) {
        let status = Int(answer.status.code)
        metrics.record(route: request.route.name, status: status)
        guard let error = answer.error else { return }
        if (error as? Refusal)?.target == nil { metrics.record(status: status) }
        let isFull = answer.status == .tooManyRequests || answer.status == .serviceUnavailable
        if answer.precedesRoute, isFull { metrics.recordRefusal() }
    }

    func breakOff(_ refusal: Refusal, _ request: GatewayRequest) {
        metrics.recordBrokenStream()
    }
}

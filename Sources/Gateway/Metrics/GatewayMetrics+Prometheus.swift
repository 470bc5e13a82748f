/// What `/metrics` shows beside the counts.
struct GatewayGauges {
    var connections: Int
    /// Of them those of the reserve.
    var reserveConnections: Int
    var connectionsClosed: UInt64
    var inFlightRequests: Int
    var inFlightBytes: Int
    /// Of many rows, until nodes have room.
    var waitingRequests: Int
    var routingEpoch: UInt64
    var retries: UInt64
    var ejections: UInt64
    var nodes: [(name: String, node: Balancer.Node, ejected: Bool)]
}

extension GatewayMetrics {
    func prometheusText(_ gauges: GatewayGauges) -> String {
        let state = snapshot
        let series = state.series.sorted { $0.key < $1.key }
        var text = PrometheusText()
        text.family("martlet_gateway_requests_total", .counter, "Inference requests answered, by HTTP status.")
        for (label, series) in series {
            for (status, count) in series.statuses.sorted(by: { $0.key < $1.key }) {
                text.sample(
                    "martlet_gateway_requests_total", Self.labels(label) + [("status", String(status))], Double(count))
            }
        }
        text.family(
            "martlet_gateway_other_responses_total", .counter, "Answers that belong to no model, by HTTP status.")
        for (status, count) in state.otherStatuses.sorted(by: { $0.key < $1.key }) {
            text.sample("martlet_gateway_other_responses_total", [("status", String(status))], Double(count))
        }
        text.family("martlet_gateway_responses_total", .counter, "All answers, by route and HTTP status.")
        for (key, count) in state.routes.sorted(by: { $0.key < $1.key }) {
            text.sample(
                "martlet_gateway_responses_total", [("route", key.route), ("status", String(key.status))], Double(count)
            )
        }
        text.single(
            "martlet_gateway_broken_streams_total", .counter, "Answers in parts that broke off before their end.",
            Double(state.brokenStreams))
        text.family(
            "martlet_gateway_request_duration_seconds", .histogram, "From a request's head to its answer being ready.")
        for (label, series) in series { Self.histogram(label, series, into: &text) }
        text.single(
            "martlet_gateway_in_flight_requests", .gauge, "Inference requests being answered.",
            Double(gauges.inFlightRequests))
        text.single(
            "martlet_gateway_in_flight_bytes", .gauge,
            "Bytes held: bodies as they come, their tensors, and answers until they have left.",
            Double(gauges.inFlightBytes))
        text.single(
            "martlet_gateway_waiting_requests", .gauge, "Large requests that wait for nodes or for small ones.",
            Double(gauges.waitingRequests))
        text.family("martlet_gateway_connections", .gauge, "Open connections; those of the reserve are for health.")
        text.sample(
            "martlet_gateway_connections", [("seat", "regular")],
            Double(gauges.connections - gauges.reserveConnections))
        text.sample("martlet_gateway_connections", [("seat", "reserve")], Double(gauges.reserveConnections))
        text.single(
            "martlet_gateway_connections_closed_total", .counter, "Connections closed to make room for others.",
            Double(gauges.connectionsClosed))
        text.single(
            "martlet_gateway_retries_total", .counter, "Second attempts on another node.", Double(gauges.retries))
        text.single(
            "martlet_gateway_ejections_total", .counter, "Times a node was left out after failures.",
            Double(gauges.ejections))
        text.single(
            "martlet_gateway_queue_refusals_total", .counter, "Requests refused because no node could take them.",
            Double(state.queueRefusals))
        text.single(
            "martlet_gateway_limit_refusals_total", .counter, "Requests refused because the gateway was full.",
            Double(state.gatewayRefusals))
        text.single(
            "martlet_gateway_routing_epoch", .gauge, "Number of the routing table in use.", Double(gauges.routingEpoch))
        text.family("martlet_gateway_node_outstanding_rows", .gauge, "Rows sent to a node and not yet answered.")
        for (name, node, _) in gauges.nodes {
            text.sample("martlet_gateway_node_outstanding_rows", [("node", name)], Double(node.outstandingRows))
        }
        text.family("martlet_gateway_node_ejected", .gauge, "1 while a node is left out.")
        for (name, _, ejected) in gauges.nodes {
            text.sample("martlet_gateway_node_ejected", [("node", name)], ejected ? 1 : 0)
        }
        return text.text
    }

    private static func labels(_ label: Label) -> [(String, String)] {
        [("model", label.model), ("version", label.version)]
    }

    private static func histogram(_ label: Label, _ series: Series, into text: inout PrometheusText) {
        let name = "martlet_gateway_request_duration_seconds"
        var cumulative: UInt64 = 0
        for (bound, count) in zip(bounds, series.buckets) {
            cumulative += count
            text.sample(name + "_bucket", labels(label) + [("le", String(bound))], Double(cumulative))
        }
        text.sample(name + "_bucket", labels(label) + [("le", "+Inf")], Double(series.count))
        text.sample(name + "_sum", labels(label), series.seconds)
        text.sample(name + "_count", labels(label), Double(series.count))
    }
}

import NIOHTTP1

extension Gateway {
    /// Everything that can be asked of the gateway over HTTP. What follows from it, as 404, 405, OPTIONS and HEAD, needs no
    /// line of its own.
    var routes: RouteTable {
        let inference = InferenceRoute(
            dispatcher: dispatcher, metrics: metrics, limits: configuration.limits, lane: lane, windows: windows)
        let metadata = MetadataRoutes(dispatcher: dispatcher, metrics: metrics) { [self] in isReady }
        let model = "/v2/models/{model}[/versions/{version}]"
        return RouteTable([
            .post("\(model)/infer", "infer") { try await inference.answer($0) },
            .get(model, "model") { try metadata.model($0.model) },
            .get("\(model)/ready", "model-ready") { try metadata.readiness($0.model) },
            .get("\(model)/config", "model-config") { try metadata.configuration($0.model) },
            .get("\(model)/stats", "model-stats") { try metadata.statistics($0.model) },
            // A model of this name is asked with its version.
            .get("/v2/models/stats", "stats") { _ in try metadata.statistics(nil) },
            .post("/v2/repository/index", "repository-index") { _ in try metadata.repositoryIndex() },
            .get("/v2", "server") { _ in metadata.server },
            .get("/v2/health/live", "live", .operational) { _ in Answer(.ok) },
            .get("/v2/health/ready", "ready", .operational) { _ in metadata.ownReadiness },
            .get("/metrics", "metrics", .operational) { [self] _ in
                Answer(text: metrics.prometheusText(gauges), type: "text/plain; version=0.0.4; charset=utf-8")
            },

            .notOffered("/v2/logging/**", "settings of logs and traces"),
            .notOffered("/v2/trace/**", "settings of logs and traces"),
            .notOffered("\(model)/trace/{setting}", "settings of logs and traces"),
            .notOffered("/v2/systemsharedmemory/**", "tensors in shared memory: send them as JSON or binary data"),
            .notOffered("/v2/cudasharedmemory/**", "tensors in shared memory: send them as JSON or binary data"),
            .notOffered("/v2/xpusharedmemory/**", "tensors in shared memory: send them as JSON or binary data"),
            .notOffered("\(model)/generate", "generating text over the generate extension"),
            .notOffered("\(model)/generate_stream", "generating text over the generate extension"),
            .notOffered(
                "/v2/repository/models/{model}/load",
                "loading models over HTTP: versions come and go with `martlet promote` and `martlet rollback`"),
            .notOffered(
                "/v2/repository/models/{model}/unload",
                "loading models over HTTP: versions come and go with `martlet promote` and `martlet rollback`"),
        ]) { head in
            Refusal(
                .notFound,
                """
                no route for \(head.method) \(head.uri.prefix(200)): expected one of the Open Inference Protocol v2, \
                as GET /v2/models/{model} or POST /v2/models/{model}/infer
                """)
        }
    }
}

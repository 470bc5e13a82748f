import Checkpoints
import Cluster
import Hummingbird
import Wire

/// What the Open Inference Protocol lets a client ask beside inference.
struct MetadataRoutes: Sendable {
    let dispatcher: Dispatcher
    /// Whether the gateway takes requests: it has a routing table and is not shutting down.
    let isReady: @Sendable () -> Bool

    func add(to router: Router<GatewayContext>) {
        router.get("v2") { _, _ in Self.server }
        router.get("v2/health/live") { _, _ in Response(status: .ok) }
        router.get("v2/health/ready") { _, _ in Response(status: isReady() ? .ok : .serviceUnavailable) }
        router.post("v2/repository/index") { _, _ in repositoryIndex() }
        for path in ["v2/models/:model", "v2/models/:model/versions/:version"] {
            router.get(RouterPath(path)) { _, context in try metadata(try target(context)) }
            router.get(RouterPath(path + "/ready")) { _, context in try readiness(try target(context)) }
        }
    }

    private func target(_ context: GatewayContext) throws -> RouteIndex.Target {
        try dispatcher.index.target(
            model: context.parameters.require("model"), version: context.parameters.get("version"))
    }

    private static var server: Response {
        var json = JSONText()
        json.raw("{\"name\":\"martlet\",\"version\":")
        json.string(codeVersion)
        json.raw(",\"extensions\":[\"binary_tensor_data\",\"model_repository\",\"schedule_policy\"]}")
        return .json(json)
    }

    private func metadata(_ target: RouteIndex.Target) throws -> Response {
        let route = target.route
        let versions = dispatcher.index.routes.filter { $0.model == route.model }.map(\.version).sorted()
        var json = JSONText()
        json.raw("{\"name\":")
        json.string(route.model)
        json.raw(",\"versions\":")
        json.array(versions) { $0.string(String($1)) }
        json.raw(",\"platform\":\"martlet\",\"inputs\":")
        json.array(route.interface.inputs) { Self.write($1, into: &$0) }
        json.raw(",\"outputs\":")
        json.array(route.interface.outputs) { Self.write($1, into: &$0) }
        json.raw("}")
        var response = Response.json(json)
        response.headers.name(target)
        return response
    }

    private static func write(_ tensor: ModelInterface.TensorInterface, into json: inout JSONText) {
        json.raw("{\"name\":")
        json.string(tensor.name)
        json.raw(",\"datatype\":")
        json.string(tensor.datatype)
        json.raw(",\"shape\":")
        json.array(tensor.shape) { $0.number($1) }
        if let columns = tensor.columns {
            json.raw(",\"parameters\":{\"columns\":")
            json.array(columns) { $0.string($1) }
            json.raw("}")
        }
        json.raw("}")
    }

    private func readiness(_ target: RouteIndex.Target) throws -> Response {
        let ready = !target.nodeNames.isEmpty
        var json = JSONText()
        json.raw("{\"name\":")
        json.string(target.route.model)
        json.raw(ready ? ",\"ready\":true}" : ",\"ready\":false}")
        var response = Response.json(json, status: ready ? .ok : .serviceUnavailable)
        response.headers.name(target)
        return response
    }

    /// Triton's repository extension: every version and whether it can be asked.
    private func repositoryIndex() -> Response {
        var json = JSONText()
        json.array(dispatcher.index.routes) { json, route in
            json.raw("{\"name\":")
            json.string(route.model)
            json.raw(",\"version\":")
            json.string(String(route.version))
            json.raw(
                route.nodes.isEmpty
                    ? ",\"state\":\"UNAVAILABLE\",\"reason\":\"no inference node holds it\"}"
                    : ",\"state\":\"READY\",\"reason\":\"\"}")
        }
        return .json(json)
    }
}

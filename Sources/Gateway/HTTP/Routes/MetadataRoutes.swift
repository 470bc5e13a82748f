import Checkpoints
import Cluster
import NIOHTTP1
import Wire

/// What the Open Inference Protocol, and Triton's extensions of it, let a client ask beside inference.
struct MetadataRoutes: Sendable {
    /// Those that are there in full.
    static let extensions = ["binary_tensor_data", "model_configuration", "statistics"]

    let dispatcher: Dispatcher
    let metrics: GatewayMetrics
    /// Whether the gateway takes requests: it has a routing table and is not shutting down.
    let isReady: @Sendable () -> Bool

    var server: Answer {
        var json = JSONText()
        json.raw("{\"name\":\"martlet\",\"version\":")
        json.string(codeVersion)
        json.raw(",\"extensions\":")
        json.array(Self.extensions) { $0.string($1) }
        json.raw("}")
        return Answer(json)
    }

    func model(_ name: ModelName) throws -> Answer {
        let target = try target(name)
        var json = JSONText()
        json.raw("{\"name\":")
        json.string(target.route.model)
        json.raw(",\"versions\":")
        json.array(versions(of: target)) { $0.string(String($1)) }
        json.raw(",\"platform\":\"martlet\",\"inputs\":")
        json.array(target.route.interface.inputs) { Self.write($1, into: &$0) }
        json.raw(",\"outputs\":")
        json.array(target.route.interface.outputs) { Self.write($1, into: &$0) }
        json.raw("}")
        return Answer(json, target: target)
    }

    /// Whether the gateway can be asked for anything.
    var ownReadiness: Answer { Self.answer(Answer(.ok), isReady: isReady()) }

    private static func answer(_ answer: Answer, isReady: Bool) -> Answer {
        guard !isReady else { return answer }
        var answer = answer
        answer.status = .serviceUnavailable
        answer.retry(after: 1)
        return answer
    }

    /// Whether a node holds the model and can be asked: what the table says of nodes that have gone is of no use.
    func readiness(_ name: ModelName) throws -> Answer {
        let target = try target(name)
        let ready = !dispatcher.connectedNodes.isDisjoint(with: target.nodeNames)
        var json = JSONText()
        json.raw("{\"name\":")
        json.string(target.route.model)
        json.raw(ready ? ",\"ready\":true}" : ",\"ready\":false}")
        return Self.answer(Answer(json, target: target), isReady: ready)
    }

    /// Triton's model configuration, as far as there is something to say. `max_batch_size` 0 means there that shapes
    /// are written with all of their dimensions, that of the batch among them.
    func configuration(_ name: ModelName) throws -> Answer {
        let target = try target(name)
        var json = JSONText()
        json.raw("{\"name\":")
        json.string(target.route.model)
        json.raw(",\"platform\":\"martlet\",\"backend\":\"martlet\",\"version_policy\":{\"specific\":{\"versions\":")
        json.array(versions(of: target)) { $0.number($1) }
        json.raw("}},\"max_batch_size\":0,\"input\":")
        json.array(target.route.interface.inputs) { Self.writeConfiguration($1, into: &$0) }
        json.raw(",\"output\":")
        json.array(target.route.interface.outputs) { Self.writeConfiguration($1, into: &$0) }
        json.raw("}")
        return Answer(json, target: target)
    }

    /// Triton's statistics: of one version, of all versions of a model, or of all models.
    func statistics(_ name: ModelName?) throws -> Answer {
        try dispatcher.index.requireTable()
        let routes = try routes(name)
        let series = metrics.snapshot.series
        var json = JSONText()
        json.raw("{\"model_stats\":")
        json.array(routes) { json, route in
            let label = GatewayMetrics.Label(model: route.model, version: String(route.version))
            json.statistics(of: label, series[label] ?? GatewayMetrics.Series())
        }
        json.raw("}")
        return Answer(json)
    }

    /// Triton's repository index: every version and whether it can be asked.
    func repositoryIndex() throws -> Answer {
        let index = dispatcher.index
        try index.requireTable()
        let connected = dispatcher.connectedNodes
        var json = JSONText()
        json.array(index.routes) { json, route in
            let problem = Self.problem(of: route, connected)
            json.raw("{\"name\":")
            json.string(route.model)
            json.raw(",\"version\":")
            json.string(String(route.version))
            json.raw(",\"state\":")
            json.string(problem == nil ? "READY" : "UNAVAILABLE")
            json.raw(",\"reason\":")
            json.string(problem ?? "")
            json.raw("}")
        }
        return Answer(json)
    }

    /// Why a version cannot be asked now; nil where it can.
    private static func problem(of route: RoutingTable.Route, _ connected: Set<String>) -> String? {
        if route.nodes.isEmpty { return "no inference node holds it" }
        let isThere = route.nodes.contains { connected.contains($0.name) }
        return isThere ? nil : "none of the nodes that hold it can be reached"
    }

    private func target(_ name: ModelName) throws -> RouteIndex.Target {
        try dispatcher.index.target(model: name.model, version: name.version)
    }

    /// Those that a question for statistics means. A model that is not here is 404, as for any other question.
    private func routes(_ name: ModelName?) throws -> [RoutingTable.Route] {
        guard let name else { return dispatcher.index.routes }
        guard name.version == nil else { return [try target(name).route] }
        let routes = dispatcher.index.routes.filter { $0.model == name.model }
        return routes.isEmpty ? [try target(name).route] : routes
    }

    private func versions(of target: RouteIndex.Target) -> [Int] {
        dispatcher.index.routes.filter { $0.model == target.route.model }.map(\.version).sorted()
    }

    private static func write(_ tensor: ModelInterface.TensorInterface, into json: inout JSONText) {
        json.raw("{\"name\":")
        json.string(tensor.name)
        json.raw(",\"datatype\":")
        json.string(tensor.datatype)
        json.raw(",\"shape\":")
        json.array(tensor.shape) { $0.number($1) }
        writeParameters(of: tensor, into: &json)
        json.raw("}")
    }

    /// What the protocol has no field for; nothing where there is nothing to say.
    private static func writeParameters(of tensor: ModelInterface.TensorInterface, into json: inout JSONText) {
        var isEmpty = true
        func begin(_ key: StaticString, in json: inout JSONText) {
            json.raw(isEmpty ? ",\"parameters\":{" : ",")
            json.raw(key)
            isEmpty = false
        }
        if let columns = tensor.columns {
            begin("\"columns\":", in: &json)
            json.array(columns) { $0.string($1) }
        }
        if let order = tensor.order {
            begin("\"order\":", in: &json)
            json.string(order)
        }
        if let pictures = tensor.pictures {
            begin("\"pictures\":", in: &json)
            json.raw(pictures ? "true" : "false")
        }
        if !isEmpty { json.raw("}") }
    }

    private static func writeConfiguration(_ tensor: ModelInterface.TensorInterface, into json: inout JSONText) {
        json.raw("{\"name\":")
        json.string(tensor.name)
        json.raw(",\"data_type\":")
        json.string("TYPE_" + (tensor.datatype == Datatype.bytes.rawValue ? "STRING" : tensor.datatype))
        json.raw(",\"dims\":")
        json.array(tensor.shape) { $0.number($1) }
        json.raw("}")
    }
}

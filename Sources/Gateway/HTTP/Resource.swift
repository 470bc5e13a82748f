import Foundation
import NIOHTTP1

/// What a path stands for, and what may be done with it.
enum Resource: Equatable, Sendable {
    struct Name: Equatable, Sendable {
        var model: String
        /// A number or an alias; nil: the alias that answers requests which name none.
        var version: String?
    }

    /// The server as a whole: `*`.
    case everything
    case server
    case live
    case ready
    case metrics
    case repositoryIndex
    case model(Name)
    case modelReady(Name)
    case configuration(Name)
    /// Nil: of all models.
    case statistics(Name?)
    case inference(Name)
    /// What clients of the protocol know and Martlet does not have, in words.
    case notOffered(String)

    /// Nil where there is nothing of this path. A query is of no meaning here.
    init?(_ uri: String) {
        guard uri != RequestTarget.server else {
            self = .everything
            return
        }
        guard let found = Self.found(Self.parts(uri)[...]) else { return nil }
        self = found
    }

    /// Without `OPTIONS`, which is there for all.
    var methods: [HTTPMethod] {
        switch self {
        case .everything, .notOffered: [.GET, .HEAD, .POST]
        case .server, .live, .ready, .metrics, .model, .modelReady, .configuration, .statistics: [.GET, .HEAD]
        case .repositoryIndex, .inference: [.POST]
        }
    }

    /// As the field `allow` lists them.
    var allow: String { (methods + [.OPTIONS]).map(\.rawValue).joined(separator: ", ") }

    /// What tells how the gateway fares, and is answered however full it is.
    var isOperational: Bool {
        switch self {
        case .live, .ready, .metrics: true
        case .everything, .server, .repositoryIndex, .model, .modelReady, .configuration, .statistics, .inference,
            .notOffered:
            false
        }
    }

    private static func found(_ parts: ArraySlice<String>) -> Resource? {
        switch (parts.first, parts.dropFirst().first) {
        case ("metrics"?, nil): .metrics
        case ("v2"?, nil): .server
        case ("v2"?, "health"?) where parts.count == 3 && parts.last == "live": .live
        case ("v2"?, "health"?) where parts.count == 3 && parts.last == "ready": .ready
        case ("v2"?, "models"?): ofModels(parts.dropFirst(2))
        case ("v2"?, "repository"?): ofRepository(parts.dropFirst(2))
        case ("v2"?, "logging"?), ("v2"?, "trace"?): .notOffered("settings of logs and traces")
        case ("v2"?, "systemsharedmemory"?), ("v2"?, "cudasharedmemory"?), ("v2"?, "xpusharedmemory"?):
            .notOffered("tensors in shared memory: send them as JSON or binary data")
        default: nil
        }
    }

    private static func ofModels(_ parts: ArraySlice<String>) -> Resource? {
        guard let model = parts.first else { return nil }
        var rest = parts.dropFirst()
        // Triton's statistics of all models; a model of this name is asked with its version.
        if model == "stats", rest.isEmpty { return .statistics(nil) }
        var name = Name(model: model)
        if rest.first == "versions" {
            guard let version = rest.dropFirst().first else { return nil }
            name.version = version
            rest = rest.dropFirst(2)
        }
        return switch (rest.first, rest.count) {
        case (nil, 0): .model(name)
        case ("infer"?, 1): .inference(name)
        case ("ready"?, 1): .modelReady(name)
        case ("config"?, 1): .configuration(name)
        case ("stats"?, 1): .statistics(name)
        case ("trace"?, 2): .notOffered("settings of logs and traces")
        case ("generate"?, 1), ("generate_stream"?, 1): .notOffered("generating text over the generate extension")
        default: nil
        }
    }

    private static func ofRepository(_ parts: ArraySlice<String>) -> Resource? {
        switch (parts.first, parts.count, parts.last) {
        case ("index"?, 1, _): .repositoryIndex
        case ("models"?, 3, "load"?), ("models"?, 3, "unload"?):
            .notOffered("loading models over HTTP: versions come and go with `martlet promote` and `martlet rollback`")
        default: nil
        }
    }

    /// The names of a path, without the slashes between them and without the query.
    private static func parts(_ uri: String) -> [String] {
        let slash = UInt8(ascii: "/")
        var rest = uri.utf8.prefix { $0 != UInt8(ascii: "?") }
        var parts: [String] = []
        // As many as any resource has.
        parts.reserveCapacity(6)
        while let start = rest.firstIndex(where: { $0 != slash }) {
            let part = rest[start...].prefix { $0 != slash }
            parts.append(name(Substring(part)))
            rest = rest[part.endIndex...]
        }
        return parts
    }

    private static func name(_ part: Substring) -> String {
        part.utf8.contains(UInt8(ascii: "%")) ? part.removingPercentEncoding ?? String(part) : String(part)
    }
}

import Wire

extension Answer {
    /// As it goes over the wire. Throws what the JSON encoder says.
    var body: Envelope.Body {
        get throws {
            switch self {
            case .acknowledgement: .acknowledgement
            case .failure(let failure): .failure(failure)
            case .joined(let joined): .joined(joined)
            case .heartbeat(let reply): .heartbeatReply(reply)
            case .job(let status): .document(try Document(kind: OperatorCall.Kind.job.rawValue, status))
            case .promotion(let promotion):
                .document(try Document(kind: OperatorCall.Kind.promote.rawValue, promotion))
            }
        }
    }
}

extension Order {
    /// Throws what the JSON encoder says.
    var document: Document {
        get throws {
            switch self {
            case .assign(let assignment): try Document(kind: kind, assignment)
            case .stop(let stop): try Document(kind: kind, stop)
            case .load(let load): try Document(kind: kind, load)
            case .unload(let unload): try Document(kind: kind, unload)
            }
        }
    }
}

import ClusterProtocol
import ControlPlane
import Wire

extension Answer {
    /// What goes over the wire.
    enum Form {
        case body(Envelope.Body)
        /// Of the kind of the question.
        case document(Document)
    }

    /// Throws what the JSON encoder says.
    func form(asAnswerTo question: Envelope) throws -> Form {
        let kind = if case .document(let document) = question.body { document.kind } else { "" }
        return switch self {
        case .acknowledgement: .body(.acknowledgement)
        case .failure(let failure): .body(.failure(failure))
        case .joined(let joined): .body(.joined(joined))
        case .heartbeat(let reply): .body(.heartbeatReply(reply))
        case .job(let status): .document(try Document(kind: kind, status))
        case .promotion(let promotion): .document(try Document(kind: kind, promotion))
        case .deletion(let deletion): .document(try Document(kind: kind, deletion))
        case .collection(let collection): .document(try Document(kind: kind, collection))
        case .backup(let backup): .document(try Document(kind: kind, backup))
        case .launch(let status): .document(try Document(kind: kind, status))
        }
    }
}

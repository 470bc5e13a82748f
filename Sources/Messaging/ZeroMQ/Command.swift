/// What callers ask of the messaging thread.
enum Command: Sendable {
    case open(Channel)
    case close(Channel)
    case send(Channel, Outgoing)
    case request(Channel, Outgoing, PendingRequests<Completion>.Request)
    case cancel(messageID: UInt64)
}

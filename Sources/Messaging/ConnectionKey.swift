/// One connection, as this process tells it from its others.
struct ConnectionKey: Hashable {
    var channel: UInt64
    /// Of a listener's channel; 0 for a link, which has but one.
    var connection: UInt32
}

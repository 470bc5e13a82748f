/// How long the dispatcher waits for signs of life.
///
/// That an answer takes long says nothing of a node: the request may be large. So no request's own time is a measure.
/// A node that says nothing at all, not even to a probe, is a stopped or stuck process or a machine that has vanished,
/// which messaging notices after five seconds at best.
struct Vigil: Sendable {
    /// Between two looks at all nodes.
    var interval = Duration.milliseconds(500)
    /// A node is probed once it has owed answers and said nothing for so long.
    var quiet = Duration.seconds(1)
    /// How long it has to answer the probe.
    var patience = Duration.seconds(2)
    /// How long a request waits for a node to come back where none is connected; then it is refused.
    var absence = Duration.seconds(1)
}

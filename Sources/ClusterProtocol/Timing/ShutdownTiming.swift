/// How long the end of a process may take: each step leaves the next one time for its own.
package enum ShutdownTiming {
    /// What connected to a gateway before SIGTERM is taken within this.
    package static let rest = Duration.seconds(2)
    /// What an inference node or a gateway has accepted is answered within this; then it is refused.
    package static let drain = Duration.seconds(6)
    /// A role ends within this after SIGTERM, or what it does is cancelled.
    package static let role = Duration.seconds(8)
    /// What was cancelled ends within this, or the process breaks off.
    package static let cancellation = Duration.seconds(1)
    /// A process that still runs after this is killed, unless whoever takes the cluster down says otherwise.
    package static let process = Duration.seconds(10)
}

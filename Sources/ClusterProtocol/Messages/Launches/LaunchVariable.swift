/// The variables in the environment of a launched process.
package enum LaunchVariable {
    /// From 0.
    package static let rank = "MARTLET_RANK"
    package static let worldSize = "MARTLET_WORLD_SIZE"
    /// The launch's ID.
    package static let launch = "MARTLET_LAUNCH"
    /// Address of the interface on which the rank is to listen.
    package static let host = "MARTLET_HOST"
    /// The descriptor of a stream to the worker: the rank writes one line, its `RankAddress`, and reads one line, the
    /// `LaunchRoster`.
    package static let channel = "MARTLET_CHANNEL"
}

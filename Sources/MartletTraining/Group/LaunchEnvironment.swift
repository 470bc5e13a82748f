import ClusterProtocol
import Foundation

/// What a worker tells the process that it starts for a rank.
struct LaunchEnvironment: Sendable, Equatable {
    var launch: String
    var rank: Int
    var worldSize: Int
    /// Address of the interface to listen on.
    var host: String
    /// Descriptor of the stream to the worker.
    var channel: Int32

    /// Of this process; nil if nobody launched it.
    static var current: LaunchEnvironment? {
        get throws(TrainerError) { try LaunchEnvironment(ProcessInfo.processInfo.environment) }
    }

    init?(_ environment: [String: String]) throws(TrainerError) {
        guard let launch = environment[LaunchVariable.launch] else { return nil }
        func number(_ name: String) throws(TrainerError) -> Int {
            guard let number = environment[name].flatMap({ Int($0) }), number >= 0 else {
                throw .launch(
                    "\(name) is \(environment[name] ?? "missing"), expected a number; `martlet launch` sets it")
            }
            return number
        }
        rank = try number(LaunchVariable.rank)
        worldSize = try number(LaunchVariable.worldSize)
        channel = Int32(truncatingIfNeeded: try number(LaunchVariable.channel))
        guard rank < worldSize else { throw .launch("rank \(rank) of \(worldSize) ranks") }
        self.launch = launch
        host = environment[LaunchVariable.host] ?? "127.0.0.1"
    }
}

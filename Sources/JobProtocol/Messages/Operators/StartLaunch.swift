package import ClusterProtocol

/// Asks for a person's own program to be run on some workers.
package struct StartLaunch: OperatorCall {
    package typealias Answer = LaunchStatus
    package static let kind = MessageKind.startLaunch

    package var name: String
    package var workers: Int
    package var command: RankCommand

    package init(name: String, workers: Int, command: RankCommand) {
        self.name = name
        self.workers = workers
        self.command = command
    }

    package func check() throws(DocumentProblem) {
        try Check.count(workers, "workers", in: 1...Check.ranks)
        try command.check()
    }
}

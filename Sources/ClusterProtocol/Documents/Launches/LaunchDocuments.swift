package import Foundation
package import Messaging
import Explanations

/// Coordinator to worker: start one rank of a launch. Kind `launch`.
package struct LaunchAssignment: Codable, Sendable, Equatable {
    package var launch: String
    /// Unique in the cluster among launches and generations of jobs.
    package var generation: UInt64
    package var rank: Int
    package var worldSize: Int
    package var command: RankCommand

    package init(launch: String, generation: UInt64, rank: Int, worldSize: Int, command: RankCommand) {
        self.launch = launch
        self.generation = generation
        self.rank = rank
        self.worldSize = worldSize
        self.command = command
    }
}

/// What every rank of a launch runs.
package struct RankCommand: Codable, Sendable, Equatable {
    /// Absolute path, the same on every machine.
    package var executable: String
    package var arguments: [String]
    /// Working directory.
    package var directory: String

    package init(executable: String, arguments: [String], directory: String) {
        self.executable = executable
        self.arguments = arguments
        self.directory = directory
    }
}

/// How one rank is reached and recognised. A rank writes it to its channel, the worker tells the coordinator.
package struct RankAddress: Codable, Sendable, Equatable {
    package var publicKey: PublicKey
    package var endpoint: String

    package init(publicKey: PublicKey, endpoint: String) {
        self.publicKey = publicKey
        self.endpoint = endpoint
    }
}

/// Worker to coordinator: its rank listens and waits for the others. Kind `rank-ready`.
package struct RankReady: Codable, Sendable, Equatable {
    package var launch: String
    package var generation: UInt64
    package var rank: Int
    package var address: RankAddress

    package init(launch: String, generation: UInt64, rank: Int, address: RankAddress) {
        self.launch = launch
        self.generation = generation
        self.rank = rank
        self.address = address
    }
}

/// Coordinator to worker, and from there to the rank: who the ranks are. Kind `roster`.
package struct LaunchRoster: Codable, Sendable, Equatable {
    package struct Rank: Codable, Sendable, Equatable {
        package var node: String
        package var address: RankAddress

        package init(node: String, address: RankAddress) {
            self.node = node
            self.address = address
        }
    }

    package var launch: String
    package var generation: UInt64
    /// In rank order.
    package var ranks: [Rank]

    package init(launch: String, generation: UInt64, ranks: [Rank]) {
        self.launch = launch
        self.generation = generation
        self.ranks = ranks
    }
}

/// Worker to coordinator: what its rank printed. Kind `rank-output`.
package struct RankOutput: Codable, Sendable, Equatable {
    package var launch: String
    package var generation: UInt64
    package var rank: Int
    /// Number of the first line, counted from 0 over all that the rank printed. A repeated report says nothing new.
    package var first: Int
    package var lines: [String]

    package init(launch: String, generation: UInt64, rank: Int, first: Int, lines: [String]) {
        self.launch = launch
        self.generation = generation
        self.rank = rank
        self.first = first
        self.lines = lines
    }

    /// Bytes of what one rank prints that its worker keeps in a file.
    package static let loggedBytes = 16 << 20
}

/// Worker to coordinator, until acknowledged: its rank has ended, or never began. Kind `rank-ended`.
package struct RankEnded: Codable, Sendable, Equatable {
    package enum Status: Codable, Sendable, Equatable {
        case exited(Int32)
        case signalled(Int32)
        case notStarted(String)
    }

    package var launch: String
    package var generation: UInt64
    package var rank: Int
    package var status: Status
    /// The last lines that it printed to standard error, or anywhere if it printed none there.
    package var tail: [String]
    /// How many lines it printed, whether they were passed on or not; nil from a worker of a version that did not count.
    package var printed: Int?

    package init(launch: String, generation: UInt64, rank: Int, status: Status, tail: [String], printed: Int) {
        self.launch = launch
        self.generation = generation
        self.rank = rank
        self.status = status
        self.tail = tail
        self.printed = printed
    }
}

/// What `martlet status` and `martlet jobs` show of a launch.
package struct LaunchStatus: Codable, Sendable, Equatable {
    package enum State: String, Codable, Sendable {
        /// For workers; `detail` says for how many.
        case waiting
        case running
        case finished
        case failed
        case cancelled

        package var isFinal: Bool { self == .finished || self == .failed || self == .cancelled }
    }

    package var id: String
    package var state: State
    /// What it waits for, or why it ended.
    package var detail: String
    package var command: RankCommand
    package var workersAsked: Int
    /// In rank order, once it runs.
    package var workers: [String]
    package var submitted: Date
    package var started: Date?
    package var ended: Date?

    package init(
        id: String, state: State, detail: String, command: RankCommand, workersAsked: Int, workers: [String],
        submitted: Date, started: Date?, ended: Date?
    ) {
        self.id = id
        self.state = state
        self.detail = detail
        self.command = command
        self.workersAsked = workersAsked
        self.workers = workers
        self.submitted = submitted
        self.started = started
        self.ended = ended
    }
}

/// A launch with what its ranks printed since a person last looked.
package struct LaunchReport: Codable, Sendable, Equatable {
    package struct Line: Codable, Sendable, Equatable {
        package var rank: Int
        package var text: String

        package init(rank: Int, text: String) {
            self.rank = rank
            self.text = text
        }
    }

    package var status: LaunchStatus
    package var lines: [Line]
    /// Lines that were printed in between and are not kept here.
    package var missed: Int
    /// What to ask for next.
    package var next: Int

    package init(status: LaunchStatus, lines: [Line], missed: Int, next: Int) {
        self.status = status
        self.lines = lines
        self.missed = missed
        self.next = next
    }

    /// What stands in the place of lines that are not shown.
    package static func leftOut(_ count: Int) -> String {
        "(\(counted(count, "line")) left out; the workers' logs have as much as there was room for, "
            + "\(RankOutput.loggedBytes >> 20) MiB of each rank)"
    }
}

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

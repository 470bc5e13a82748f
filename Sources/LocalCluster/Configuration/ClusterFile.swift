import Coordinator
package import ClusterProtocol
package import Foundation
package import Wire

/// A cluster file, checked and complete: which processes make up a cluster and where they keep their things.
package struct ClusterFile: Codable, Sendable, Equatable {
    /// The most processes of one role on this machine, and threads of one process, that a cluster may ask for.
    package static let largest = 256

    package struct Coordinator: Codable, Sendable, Equatable {
        /// Address of an interface: nodes on other machines need one that they can reach.
        package var host: String
        /// 0: any free port.
        package var port: Int
        /// Memory that the preparation of a job's data may take; nil: half of the machine's.
        package var preparationMemory: Int?
        /// What the journal of events takes of the disk; 0: none; nil: `NodeConfiguration.standardJournalBytes`.
        package var journalBytes: Int?
        /// Jobs that are over and kept; nil: as `RetentionPolicy` has it.
        package var keepJobs: Int?

        package init(
            host: String = "127.0.0.1", port: Int = 7600, preparationMemory: Int? = nil,
            journalBytes: Int? = nil, keepJobs: Int? = nil
        ) {
            self.host = host
            self.port = port
            self.preparationMemory = preparationMemory
            self.journalBytes = journalBytes
            self.keepJobs = keepJobs
        }
    }

    package struct Workers: Codable, Sendable, Equatable {
        package var count: Int
        /// Threads of each worker for matrix products; nil: the machine's cores shared out among its workers.
        package var threads: Int?
        /// Bytes of fetched shards and checkpoints that a worker keeps; nil: `NodeConfiguration.standardCacheBytes`.
        package var maxCacheBytes: Int?

        package init(count: Int = 2, threads: Int? = nil, maxCacheBytes: Int? = nil) {
            self.count = count
            self.threads = threads
            self.maxCacheBytes = maxCacheBytes
        }
    }

    package struct Inference: Codable, Sendable, Equatable {
        package var count: Int
        /// Most rows that one run of the network takes from the queue.
        package var maxBatchRows: Int
        /// Rows that may wait on a node; a request that finds no room is refused at once.
        package var queueRows: Int
        /// Bytes of fetched versions that a node keeps on its disk; nil: `NodeConfiguration.standardCacheBytes`.
        package var maxCacheBytes: Int?

        package init(count: Int = 2, maxBatchRows: Int = 64, queueRows: Int = 1024, maxCacheBytes: Int? = nil) {
            self.maxCacheBytes = maxCacheBytes
            self.count = count
            self.maxBatchRows = maxBatchRows
            self.queueRows = queueRows
        }
    }

    package struct Gateway: Codable, Sendable, Equatable {
        package var host: String
        /// 0: any free port.
        package var port: Int
        package var maxBodyBytes: Int

        package init(
            host: String = "127.0.0.1", port: Int = 8080,
            maxBodyBytes: Int = NodeConfiguration.Gateway.standardBodyBytes
        ) {
            self.host = host
            self.port = port
            self.maxBodyBytes = maxBodyBytes
        }
    }

    /// A node that somebody starts on another machine. `martlet cluster up` makes its keys and configuration only.
    package struct RemoteNode: Codable, Sendable, Equatable {
        package var name: String
        /// `worker` or `inference`.
        package var role: Role
        /// Address of that machine's interface, where its peers reach it.
        package var host: String

        package init(name: String, role: Role, host: String) {
            self.name = name
            self.role = role
            self.host = host
        }
    }

    package var name: String
    /// Folder for keys, logs, state and checkpoints; absolute.
    package var data: URL
    package var coordinator: Coordinator
    package var workers: Workers
    package var inference: Inference
    package var gateway: Gateway
    package var timing: MembershipTiming
    package var remote: [RemoteNode]
    /// Folders of the programs that may be launched on the workers; absolute. None: none may.
    package var launchFolders: [URL]

    package init(
        name: String, data: URL, coordinator: Coordinator = Coordinator(), workers: Workers = Workers(),
        inference: Inference = Inference(), gateway: Gateway = Gateway(), timing: MembershipTiming = MembershipTiming(),
        remote: [RemoteNode] = [], launchFolders: [URL] = []
    ) {
        self.name = name
        self.data = data
        self.coordinator = coordinator
        self.workers = workers
        self.inference = inference
        self.gateway = gateway
        self.timing = timing
        self.remote = remote
        self.launchFolders = launchFolders
    }
}

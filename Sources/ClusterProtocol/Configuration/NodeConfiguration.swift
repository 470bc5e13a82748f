package import Foundation
package import Wire

/// What one process needs to know to take its part in a cluster. `martlet cluster up` writes one for each; a person
/// may write one as well.
package struct NodeConfiguration: Sendable, Equatable {
    package struct Inference: Sendable, Equatable {
        package var maxBatchRows: Int
        package var queueRows: Int

        package init(maxBatchRows: Int, queueRows: Int) {
            self.maxBatchRows = maxBatchRows
            self.queueRows = queueRows
        }
    }

    package struct Gateway: Sendable, Equatable {
        /// Where HTTP is listened for.
        package var host: String
        package var port: Int
        package var maxBodyBytes: Int

        /// The largest body where nothing else is said.
        package static let standardBodyBytes = 32 << 20

        package init(host: String, port: Int, maxBodyBytes: Int) {
            self.host = host
            self.port = port
            self.maxBodyBytes = maxBodyBytes
        }
    }

    /// The name its key has in the keyring.
    package var name: String
    package var role: Role
    /// The cluster's name.
    package var cluster: String
    /// This process's own folder.
    package var data: URL
    /// Folder with `<name>.key` and `keyring.json`.
    package var keys: URL
    /// Where the process writes the address that it really listens on, once it does; nil: nowhere.
    package var endpointFile: URL?
    /// Where the coordinator listens; nil on the coordinator itself.
    package var coordinator: String?
    /// Where this process is reached by its peers over ZeroMQ, `tcp://address:port`, port 0 picks one; nil on a
    /// gateway, which is reached over HTTP only.
    package var listen: String?
    package var timing: MembershipTiming
    /// Lowest level that is logged.
    package var logLevel: LogLevel
    /// For role `worker`: folders of the programs that may be launched on it. None: none may.
    package var launchFolders: [URL]
    /// For role `worker`: threads that compute; nil: one for each core of its machine.
    package var threads: Int?
    /// For role `coordinator`: memory that the preparation of a job's data may take; nil: half of the machine's.
    package var preparationMemory: Int?
    /// For role `coordinator`: what its journal of events takes of the disk; 0: none; nil: `standardJournalBytes`.
    package var journalBytes: Int?
    /// For roles `worker` and `inference`: bytes of fetched content that the node keeps when it needs them no more.
    package var maxCacheBytes: Int
    /// For role `coordinator`: what is kept of what is over.
    package var retention: RetentionPolicy
    /// Present for role `inference` only.
    package var inference: Inference?
    /// Present for role `gateway` only.
    package var gateway: Gateway?

    package static let standardCacheBytes = 4 << 30
    package static let standardJournalBytes = 64 << 20
    /// More than any disk has.
    package static let largestCacheBytes = 1 << 50

    /// The levels of swift-log by their names there.
    package enum LogLevel: String, Sendable, CaseIterable {
        case trace, debug, info, notice, warning, error, critical
    }

    package init(
        name: String, role: Role, cluster: String, data: URL, keys: URL, endpointFile: URL?,
        coordinator: String?, listen: String?, timing: MembershipTiming = MembershipTiming(),
        logLevel: LogLevel = .info, launchFolders: [URL] = [], threads: Int? = nil, preparationMemory: Int? = nil,
        journalBytes: Int? = nil, maxCacheBytes: Int? = nil, retention: RetentionPolicy = RetentionPolicy(),
        inference: Inference? = nil, gateway: Gateway? = nil
    ) {
        self.name = name
        self.role = role
        self.cluster = cluster
        self.data = data
        self.keys = keys
        self.endpointFile = endpointFile
        self.coordinator = coordinator
        self.listen = listen
        self.timing = timing
        self.logLevel = logLevel
        self.launchFolders = launchFolders
        self.threads = threads
        self.preparationMemory = preparationMemory
        self.journalBytes = journalBytes
        self.maxCacheBytes = maxCacheBytes ?? Self.standardCacheBytes
        self.retention = retention
        self.inference = inference
        self.gateway = gateway
    }

    /// The address that `listen` is bound to.
    package var listenHost: String {
        guard let listen, let colon = listen.lastIndex(of: ":") else { return "127.0.0.1" }
        return String(listen[..<colon].dropFirst("tcp://".count))
    }
}

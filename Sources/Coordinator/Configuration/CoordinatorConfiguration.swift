package import ControlPlane
package import ClusterProtocol
import Files
package import Foundation
import Logging

/// What a coordinator needs to know.
package struct CoordinatorConfiguration: Sendable {
    /// Its own folder: `state.sqlite` and `store/`.
    package var data: URL
    /// Where it listens, `tcp://address:port`; port 0 picks one.
    package var listen: String
    package var timing: MembershipTiming
    package var scheduling: SchedulingPolicy
    package var deployment: DeploymentPolicy
    /// What is kept of what is over.
    package var retention: RetentionPolicy
    /// How often it looks whether there is something to tidy up in its state, and moves the log into the database: what
    /// a lost log takes with it is no older.
    package var upkeep: Duration
    /// How often it looks whether something is due.
    package var tick: Duration
    /// A tick that is later than this shows that the process itself got no time: nodes are not blamed for it.
    package var stall: Duration
    /// How long a node may take to answer an order.
    package var orderTimeout: Duration
    /// Messages that may wait to be handled in each lane, and those of one sender among them; more are refused.
    package var inboxLimit: Int
    package var inboxLimitOfSender: Int
    /// Pieces of files that may wait to be read, and to be written; more are refused.
    package var chunkLimit: Int
    /// Jobs that are over and listed in the status; `martlet jobs` lists all.
    package var finishedJobsShown: Int
    package var preparer: Preparer
    /// What the journal of events takes of the disk; 0: there is none.
    package var journalBytes: Int

    package init(
        data: URL, listen: String, timing: MembershipTiming = MembershipTiming(),
        scheduling: SchedulingPolicy = SchedulingPolicy(), deployment: DeploymentPolicy = DeploymentPolicy(),
        retention: RetentionPolicy = RetentionPolicy(), upkeep: Duration = .seconds(1),
        tick: Duration = .milliseconds(100), stall: Duration = .milliseconds(500), orderTimeout: Duration = .seconds(2),
        inboxLimit: Int = 1024, inboxLimitOfSender: Int = 64,
        chunkLimit: Int = 64, finishedJobsShown: Int = 10, preparer: Preparer = .ownProcess,
        journalBytes: Int = NodeConfiguration.standardJournalBytes
    ) {
        self.data = data
        self.listen = listen
        self.timing = timing
        self.scheduling = scheduling
        self.deployment = deployment
        self.retention = retention
        self.upkeep = upkeep
        self.tick = tick
        self.stall = stall
        self.orderTimeout = orderTimeout
        self.inboxLimit = inboxLimit
        self.inboxLimitOfSender = inboxLimitOfSender
        self.chunkLimit = chunkLimit
        self.finishedJobsShown = finishedJobsShown
        self.preparer = preparer
        self.journalBytes = journalBytes
    }
}

extension CoordinatorConfiguration {
    var folder: CoordinatorFolder { CoordinatorFolder(data) }
    var stateFile: URL { folder.state }
    var storeFolder: URL { folder.store }

    func makeJournal(_ logger: Logger) -> Journal? {
        guard journalBytes > 0 else { return nil }
        return Journal(
            folder: JournalFolder(folder.journal), limits: JournalLimits(total: journalBytes), logger: logger)
    }

    /// Blocks on the disk.
    func makeFolder() throws {
        try Folder.make(data)
    }
}

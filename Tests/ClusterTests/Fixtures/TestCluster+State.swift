@testable import Coordinator
import Foundation
import GRDB

extension TestCluster {
    /// A connection of a test's own to the state of a coordinator that runs: it waits while the coordinator writes.
    func openState() throws -> DatabaseQueue {
        var settings = GRDB.Configuration()
        settings.busyMode = .timeout(60)
        return try DatabaseQueue(path: configuration.stateFile.path, configuration: settings)
    }
}

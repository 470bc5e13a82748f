import ControlPlane
import JobProtocol
import ClusterProtocol
import Foundation
import Explanations
import Wire

extension ControlLoop {
    /// The coordinator's own row, beside those of the nodes that report to it.
    func ownStatus() -> ClusterStatus.NodeStatus {
        return ClusterStatus.NodeStatus(
            name: Role.coordinator.rawValue, role: .coordinator, state: .alive, endpoint: correspondence.endpoint,
            host: ProcessInfo.processInfo.hostName,
            processID: UInt32(ProcessInfo.processInfo.processIdentifier), since: started, lastSeen: time.now().date,
            cpuPercent: usage.cpuPercent(), residentBytes: ProcessUsage.residentBytes(),
            activity: "\(counted(plane.scheduler.jobs.count, "job")) under way")
    }
}

package import ClusterProtocol
package import Digests
import Foundation
import Wire

/// The whole coordinator but for its input and output: members, jobs and deployments, and what they mean to each other.
///
/// A value without clock, store or sockets: what happens to it comes by `handle`.
package struct ControlPlane: Codable, Sendable, Equatable {
    package let clusterID: String
    package internal(set) var membership: Membership
    package internal(set) var scheduler: Scheduler
    package internal(set) var deployment: Deployment
    /// Contents that lost their last reference while a data set was being cut into shards, some of which may be the
    /// same contents again.
    @InOrder var released: Set<ContentDigest> = []

    /// - Parameter start: tells the tables of this coordinator from those of the ones before it.
    package init(
        clusterID: String, start: String = "", timing: MembershipTiming = MembershipTiming(),
        scheduling: SchedulingPolicy = SchedulingPolicy(), deployment policy: DeploymentPolicy = DeploymentPolicy(),
        stored: StoredState = StoredState(), at now: Moment
    ) {
        self.clusterID = clusterID
        membership = Membership(timing: timing)
        scheduler = Scheduler(policy: scheduling, stored: stored, at: now)
        deployment = Deployment(
            policy: policy, source: StateIdentity(cluster: clusterID, start: start), stored: stored, at: now)
    }

    /// Contents in the store that must stay.
    package var references: Set<ContentDigest> {
        scheduler.references.union(deployment.registry.references)
    }

    /// Runs an event and adds the release of what nothing refers to any more.
    mutating func accounting(
        into effects: inout Effects, _ event: (inout ControlPlane, inout Effects) -> Void
    ) {
        let before = self
        let first = effects.changes.count
        event(&self, &effects)
        guard effects.changes[first...].contains(where: \.changesReferences) || !released.isEmpty else { return }
        released.formUnion(before.references)
        released.subtract(references)
        if !released.isEmpty, !scheduler.jobs.contains(where: { $0.state == .preparing }) {
            effects.act(.release(released))
            released = []
        }
    }
}

extension StateChange {
    /// Whether an event with this change may have dropped a reference to some content.
    fileprivate var changesReferences: Bool {
        switch self {
        case .job, .plan, .dropPlan, .version, .dropVersion: true
        case .evaluation, .trace, .alias, .dropAlias, .promotion, .routing, .number, .generation: false
        }
    }
}

package import ClusterProtocol
package import Digests
import Foundation
import Wire

/// The whole coordinator but for its input and output: members, jobs and deployments, and what they mean to each other.
///
/// A value without clock, store or sockets: what happens to it comes by `handle`.
package struct ControlPlane: Sendable, Equatable {
    package let clusterID: String
    package internal(set) var membership: Membership
    package internal(set) var scheduler: Scheduler
    package internal(set) var deployment: Deployment
    /// Contents that lost their last reference while a data set was being cut into shards, some of which may be the
    /// same contents again.
    var released: Set<ContentDigest> = []

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

    /// What a coordinator that has just started does first.
    package mutating func start(at now: Moment) -> [Action] {
        accounting { $0.scheduler.start(at: now) + $0.deployment.start() }
    }

    /// What a coordinator that is asked to end does last.
    package mutating func stop() -> [Action] {
        scheduler.stop()
    }

    /// Nobody is blamed for the time in which the coordinator itself was stopped and could not listen.
    package mutating func excuse(_ stall: Duration, at now: Moment) -> [Action] {
        membership.excuse(stall, at: now)
        return []
    }

    /// Lets time pass for some of it.
    package mutating func advance(_ overdue: Event.Overdue, to now: Moment) -> [Action] {
        accounting { plane in
            switch overdue {
            case .members: plane.follow(plane.membership.advance(to: now), at: now)
            case .jobs: plane.scheduler.advance(to: now)
            case .models: plane.deployment.advance(to: now)
            }
        }
    }

    /// Contents in the store that must stay.
    package var references: Set<ContentDigest> {
        scheduler.references.union(deployment.registry.references)
    }

    /// Runs an event and adds the release of what nothing refers to any more.
    mutating func accounting(_ event: (inout ControlPlane) -> [Action]) -> [Action] {
        let before = self
        var actions = event(&self)
        guard actions.contains(where: \.changesReferences) || !released.isEmpty else { return actions }
        released.formUnion(before.references)
        released.subtract(references)
        if !released.isEmpty, !scheduler.jobs.contains(where: { $0.state == .preparing }) {
            actions.append(.release(released))
            released = []
        }
        return actions
    }
}

extension Action {
    /// Whether an event with this action may have dropped a reference to some content.
    fileprivate var changesReferences: Bool {
        switch self {
        case .save(.job), .save(.plan), .save(.dropPlan), .save(.version), .save(.dropVersion): true
        default: false
        }
    }
}

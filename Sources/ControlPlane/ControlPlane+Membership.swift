import ClusterProtocol
import Wire

extension ControlPlane {
    mutating func join(
        _ join: Join, protocolVersion: UInt32, from peer: Peer, request: RequestID, at now: Moment,
        into effects: inout Effects
    ) {
        do throws(Failure) {
            try checkCluster(of: join)
            let changes = try membership.join(join, protocolVersion: protocolVersion, from: peer, at: now)
            let joined = Joined(clusterID: clusterID, heartbeatInterval: membership.timing.heartbeat)
            effects.answer(request, .joined(joined))
            follow(changes, at: now, into: &effects)
        } catch {
            effects.answer(request, .failure(error))
            effects.log(.warning, "join refused", ["node": peer.name, "reason": error.message])
        }
    }

    mutating func heartbeat(
        _ heartbeat: Heartbeat, report: NodeReport?, from peer: Peer, request: RequestID, at now: Moment,
        into effects: inout Effects
    ) {
        guard let changes = membership.heartbeat(heartbeat, report: report, from: peer, at: now) else {
            return effects.answer(request, .heartbeat(HeartbeatReply(known: false)))
        }
        effects.answer(request, .heartbeat(HeartbeatReply(known: true)))
        follow(changes, at: now, into: &effects)
        if let report { follow(report, of: peer.name, at: now, into: &effects) }
    }

    /// A node that holds models or trains for another cluster is left to that: this one would take it all away.
    private func checkCluster(of join: Join) throws(Failure) {
        guard !join.clusterID.isEmpty, join.clusterID != clusterID else { return }
        throw Failure(
            .permissionDenied,
            "'\(join.name)' is a member of cluster \(join.clusterID) and goes on as such, but this coordinator is of "
                + "cluster \(clusterID): put the state of that cluster back, or start the node again to take it over")
    }

    /// Tells the jobs and the deployments who came and went.
    mutating func follow(_ changes: [Membership.Change], at now: Moment, into effects: inout Effects) {
        for change in changes {
            switch change {
            case .joined(let member):
                note(.info, "node joined", member, into: &effects)
                joined(member, at: now, into: &effects)
            case .suspected(let member): note(.warning, "node suspect", member, into: &effects)
            case .recovered(let member): note(.info, "node recovered", member, into: &effects)
            case .died(let member, let reason):
                note(.warning, "node dead", member, reason: reason, into: &effects)
                died(member, reason: reason, at: now, into: &effects)
            }
        }
    }

    private mutating func joined(_ member: Member, at now: Moment, into effects: inout Effects) {
        switch member.join.role {
        case .worker:
            scheduler.workerJoined(
                member.name, incarnation: member.incarnation, endpoint: member.join.endpoint, at: now, into: &effects)
        case .inference:
            deployment.nodeJoined(
                member.name, incarnation: member.incarnation, endpoint: member.join.endpoint, at: now, into: &effects)
        case .gateway: deployment.gatewayJoined(member.name, at: now, into: &effects)
        case .coordinator, .operator: break
        }
    }

    private mutating func died(_ member: Member, reason: String, at now: Moment, into effects: inout Effects) {
        switch member.join.role {
        case .worker:
            scheduler.workerDied(
                member.name, incarnation: member.incarnation, reason: reason, at: now, into: &effects)
        case .inference:
            deployment.nodeDied(member.name, incarnation: member.incarnation, at: now, into: &effects)
        case .gateway: deployment.gatewayDied(member.name, at: now, into: &effects)
        case .coordinator, .operator: break
        }
    }

    private mutating func follow(_ report: NodeReport, of name: String, at now: Moment, into effects: inout Effects) {
        guard let member = membership.members[name] else { return }
        if member.join.role == .worker, let worker = report.worker {
            scheduler.workerReported(name, incarnation: member.incarnation, worker, at: now, into: &effects)
        }
        if member.join.role == .inference, let inference = report.inference {
            deployment.nodeReported(name, incarnation: member.incarnation, inference, at: now, into: &effects)
        }
        if member.join.role == .gateway, let gateway = report.gateway {
            deployment.gatewayReported(name, gateway.position, at: now, into: &effects)
        }
    }

    private func note(
        _ level: LogEntry.Level, _ message: String, _ member: Member, reason: String? = nil,
        into effects: inout Effects
    ) {
        var metadata = [
            "node": member.name, "role": member.join.role.rawValue, "incarnation": "\(member.incarnation)",
        ]
        metadata["reason"] = reason
        effects.log(level, message, metadata)
    }
}

package import ClusterProtocol
package import Wire

extension ControlPlane {
    package mutating func join(
        _ join: Join, protocolVersion: UInt32, from peer: Peer, request: RequestID, at now: Moment
    ) -> [Action] {
        accounting { plane in
            do throws(Failure) {
                try plane.checkCluster(of: join)
                let changes = try plane.membership.join(join, protocolVersion: protocolVersion, from: peer, at: now)
                let joined = Joined(
                    clusterID: plane.clusterID, heartbeatInterval: plane.membership.timing.heartbeat)
                return [.answer(request, .joined(joined))] + plane.follow(changes, at: now)
            } catch {
                return [
                    .answer(request, .failure(error)),
                    .log(LogEntry(.warning, "join refused", ["node": peer.name, "reason": error.message])),
                ]
            }
        }
    }

    package mutating func heartbeat(
        _ heartbeat: Heartbeat, report: NodeReport?, from peer: Peer, request: RequestID, at now: Moment
    ) -> [Action] {
        accounting { plane in
            guard let changes = plane.membership.heartbeat(heartbeat, report: report, from: peer, at: now) else {
                return [.answer(request, .heartbeat(HeartbeatReply(known: false)))]
            }
            var actions = plane.follow(changes, at: now)
            if let report { actions += plane.follow(report, of: peer.name, at: now) }
            return [.answer(request, .heartbeat(HeartbeatReply(known: true)))] + actions
        }
    }

    /// A node that holds models or trains for another cluster is left to that: this one would take it all away.
    private func checkCluster(of join: Join) throws(Failure) {
        guard !join.clusterID.isEmpty, join.clusterID != clusterID else { return }
        throw Failure(
            .permissionDenied,
            "'\(join.name)' is a member of cluster \(join.clusterID) and goes on as such, but this coordinator is of "
                + "cluster \(clusterID): put the state of that cluster back, or start the node again to take it over")
    }

    /// A gateway says by which table it routes.
    package mutating func routed(_ taken: RoutingPosition, by name: String, at now: Moment) -> [Action] {
        deployment.gatewayReported(name, taken, at: now)
    }

    /// Tells the jobs and the deployments who came and went.
    mutating func follow(_ changes: [Membership.Change], at now: Moment) -> [Action] {
        changes.flatMap { change -> [Action] in
            switch change {
            case .joined(let member):
                return [Self.note(.info, "node joined", member)] + joined(member, at: now)
            case .suspected(let member):
                return [Self.note(.warning, "node suspect", member)]
            case .recovered(let member):
                return [Self.note(.info, "node recovered", member)]
            case .died(let member, let reason):
                return [Self.note(.warning, "node dead", member, reason: reason)]
                    + died(member, reason: reason, at: now)
            }
        }
    }

    private mutating func joined(_ member: Member, at now: Moment) -> [Action] {
        switch member.join.role {
        case .worker:
            scheduler.workerJoined(
                member.name, incarnation: member.incarnation, endpoint: member.join.endpoint, at: now)
        case .inference:
            deployment.nodeJoined(
                member.name, incarnation: member.incarnation, endpoint: member.join.endpoint, at: now)
        case .gateway: deployment.gatewayJoined(member.name, at: now)
        case .coordinator, .operator: []
        }
    }

    private mutating func died(_ member: Member, reason: String, at now: Moment) -> [Action] {
        switch member.join.role {
        case .worker:
            return scheduler.workerDied(
                member.name, incarnation: member.incarnation, reason: reason, at: now)
        case .inference:
            return deployment.nodeDied(member.name, incarnation: member.incarnation, at: now)
        case .gateway:
            return deployment.gatewayDied(member.name, at: now)
        case .coordinator, .operator: return []
        }
    }

    private mutating func follow(_ report: NodeReport, of name: String, at now: Moment) -> [Action] {
        guard let member = membership.members[name] else { return [] }
        var actions: [Action] = []
        if member.join.role == .worker, let worker = report.worker {
            actions += scheduler.workerReported(name, incarnation: member.incarnation, worker, at: now)
        }
        if member.join.role == .inference, let inference = report.inference {
            actions += deployment.nodeReported(name, incarnation: member.incarnation, inference, at: now)
        }
        if member.join.role == .gateway, let gateway = report.gateway {
            actions += deployment.gatewayReported(name, gateway.position, at: now)
        }
        return actions
    }

    private static func note(
        _ level: LogEntry.Level, _ message: String, _ member: Member, reason: String? = nil
    ) -> Action {
        var metadata = [
            "node": member.name, "role": member.join.role.rawValue, "incarnation": "\(member.incarnation)",
        ]
        metadata["reason"] = reason
        return .log(LogEntry(level, message, metadata))
    }
}

import JobProtocol
package import ClusterProtocol
package import Wire

/// Who is in the cluster: alive, suspect after some silence, dead after more. A value without clock or sockets.
///
/// A process that starts again is a new member: it comes with a higher incarnation, and the one before it is dead at
/// once. A dead incarnation that speaks again (its process was only stopped) is told to join anew.
package struct Membership: Codable, Sendable, Equatable {
    package enum Change: Sendable, Equatable {
        case joined(Member)
        case suspected(Member)
        /// A suspect was heard again.
        case recovered(Member)
        case died(Member, reason: String)
    }

    package let timing: MembershipTiming
    /// By name, the dead ones included: names come from the keyring, so there is a bound.
    package private(set) var members: [String: Member] = [:]

    package init(timing: MembershipTiming = MembershipTiming()) {
        self.timing = timing
    }

    /// Admits a node. A node that is already in, and joins again because it missed the answer, changes nothing.
    ///
    /// Throws `protocolMismatch` for another protocol version, `permissionDenied` for a name or role that is not the
    /// one of the key which the peer proved to own, `failedPrecondition` for a process older than the member.
    package mutating func join(
        _ join: Join, protocolVersion: UInt32, from peer: Peer, at now: Moment
    ) throws(Failure) -> [Change] {
        try check(join, protocolVersion: protocolVersion, from: peer)
        var changes: [Change] = []
        if let known = members[join.name], known.state != .dead {
            if known.incarnation == join.incarnation {
                return heard(from: peer, at: now)
            }
            guard join.incarnation > known.incarnation else {
                throw Failure(
                    .failedPrecondition,
                    "a newer process called '\(join.name)' is a member (process \(known.join.processID) on "
                        + "\(known.join.host)); end this one, or give it a name of its own")
            }
            changes.append(
                bury(known, reason: "its process was replaced by process \(join.processID) on \(join.host)"))
        }
        let member = Member(join: join, peer: peer, state: .alive, since: now.date, lastSeen: now)
        members[join.name] = member
        changes.append(.joined(member))
        return changes
    }

    /// Notes a sign of life. Nil when this incarnation is not a member: it has to join again.
    package mutating func heartbeat(
        _ heartbeat: Heartbeat, report: NodeReport?, from peer: Peer, at now: Moment
    ) -> [Change]? {
        guard let known = members[peer.name], known.state != .dead, known.incarnation == heartbeat.incarnation
        else { return nil }
        let changes = heard(from: peer, at: now)
        members[peer.name]?.cpuPercent = heartbeat.cpuPercent
        members[peer.name]?.residentBytes = heartbeat.residentBytes
        if let report { members[peer.name]?.report = report }
        return changes
    }

    /// Looks who has been silent for too long.
    package mutating func advance(to now: Moment) -> [Change] {
        var changes: [Change] = []
        for member in members.values.sorted(by: { $0.name < $1.name }) where member.state != .dead {
            let silence = member.lastSeen.instant.duration(to: now.instant)
            if silence >= timing.dead {
                changes.append(bury(member, reason: "no heartbeat for \(timing.dead.inSeconds)"))
            } else if silence >= timing.suspect, member.state == .alive {
                members[member.name]?.state = .suspect
                changes.append(.suspected(members[member.name] ?? member))
            }
        }
        return changes
    }

    /// Takes the time in which nobody listened out of everybody's silence.
    package mutating func excuse(_ stall: Duration, at now: Moment) {
        guard stall > .zero else { return }
        for (name, member) in members where member.state != .dead {
            let excused = member.lastSeen.instant + stall
            members[name]?.lastSeen.instant = min(excused, now.instant)
        }
    }

    /// The living members of a role, by name.
    package func living(_ role: Role) -> [Member] {
        members.values.filter { $0.join.role == role && $0.state != .dead }.sorted { $0.name < $1.name }
    }

    /// The living member of this name and incarnation.
    package func living(_ name: String, incarnation: UInt64) -> Member? {
        guard let member = members[name], member.state != .dead, member.incarnation == incarnation else { return nil }
        return member
    }

    private mutating func heard(from peer: Peer, at now: Moment) -> [Change] {
        guard var member = members[peer.name] else { return [] }
        let wasSuspect = member.state == .suspect
        member.state = .alive
        member.lastSeen = now
        member.peer = peer
        members[peer.name] = member
        return wasSuspect ? [.recovered(member)] : []
    }

    private mutating func bury(_ member: Member, reason: String) -> Change {
        var dead = member
        dead.state = .dead
        dead.report = nil
        dead.cpuPercent = 0
        dead.residentBytes = 0
        members[member.name] = dead
        return .died(dead, reason: reason)
    }
}

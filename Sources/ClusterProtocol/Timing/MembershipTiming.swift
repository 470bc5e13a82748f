/// When a node that says nothing is doubted and given up.
package struct MembershipTiming: Codable, Sendable, Equatable {
    /// How often a node says that it is there.
    package var heartbeat: Duration
    /// Silence after which it is shown as suspect; nothing else happens.
    package var suspect: Duration
    /// Silence after which it is taken for dead: its work is given to others.
    package var dead: Duration

    package init(
        heartbeat: Duration = .milliseconds(500), suspect: Duration = .milliseconds(1500), dead: Duration = .seconds(3)
    ) {
        self.heartbeat = heartbeat
        self.suspect = suspect
        self.dead = dead
    }
}

import Foundation
import Testing

@testable import ClusterProtocol
@testable import ControlPlane

/// What must hold of the control plane whatever happens to it. `MARTLET_RANDOM_EVENTS` says how much happens; without it
/// nothing does.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["MARTLET_RANDOM_EVENTS"] != nil))
struct RandomEventTests {
    private static let total =
        ProcessInfo.processInfo.environment["MARTLET_RANDOM_EVENTS"].flatMap { Int($0) } ?? 100_000
    private static let length = 500
    private static let seeds = UInt64(max(1, total / length))

    @Test func rulesHoldWhateverHappens() throws {
        var counts: [String: Int] = [:]
        for seed in 0..<Self.seeds {
            var cluster = RandomCluster(seed: seed)
            for _ in 0..<Self.length { cluster.step() }
            cluster.comeToRest()
            #expect(cluster.faults.isEmpty, "seed \(seed): \(cluster.faults.joined(separator: "\n"))")
            #expect(cluster.open.isEmpty, "seed \(seed): \(Set(cluster.open.values).sorted()) are never answered")
            if !cluster.faults.isEmpty || !cluster.open.isEmpty { return }
            counts.merge(cluster.counts) { $0 + $1 }
        }
        // Sequences in which all is refused would show nothing.
        for kind in ["joined", "job", "promotion", "deletion", "launch", "acknowledgement", "failure"] {
            #expect(counts[kind, default: 0] > Int(Self.seeds), "\(kind): \(counts)")
        }
    }

    /// Events that were written down lead, from the same start, to the same state by the same effects.
    @Test func eventsCanBeWrittenDown() throws {
        for seed in 0..<max(1, Self.seeds / 10) {
            var cluster = RandomCluster(seed: 1 << 32 + seed)
            for _ in 0..<Self.length { cluster.step() }
            var replayed = cluster.start
            for (index, (event, moment)) in cluster.events.enumerated() {
                let json = try ExactJSON.encoder().encode(event)
                let read = try ExactJSON.decoder().decode(Event.self, from: json)
                #expect(read == event)
                var effects: Effects = []
                replayed.handle(read, at: moment, into: &effects)
                #expect(effects == cluster.allEffects[index], "seed \(seed), event \(index): \(event)")
            }
            #expect(replayed == cluster.plane, "seed \(seed)")
            #expect(try StateDigest(of: replayed) == StateDigest(of: cluster.plane), "seed \(seed)")
        }
    }

    /// A plane that was written down goes on as the one that it was.
    @Test func statesCanBeWrittenDown() throws {
        for seed in 0..<max(1, Self.seeds / 10) {
            var cluster = RandomCluster(seed: 1 << 33 + seed)
            for step in 1...Self.length {
                cluster.step()
                guard step % 50 == 0 else { continue }
                let json = try ExactJSON.encoder().encode(cluster.plane)
                let read = try ExactJSON.decoder().decode(ControlPlane.self, from: json)
                #expect(read == cluster.plane, "seed \(seed), step \(step)")
                #expect(try StateDigest(of: read) == StateDigest(of: cluster.plane), "seed \(seed), step \(step)")
            }
        }
    }
}

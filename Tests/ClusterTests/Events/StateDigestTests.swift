import Digests
import Foundation
import Testing
import Wire

@testable import ClusterProtocol
@testable import ControlPlane
@testable import JobProtocol

@Suite struct StateDigestTests {
    private let now = Moment.start

    @Test func changesOfAnyPartChangeIt() throws {
        let plane = ControlPlane(clusterID: "c", at: now)
        let digest = try StateDigest(of: plane)
        var joined = plane
        joined.handle(
            .joined(.example("worker-0"), protocolVersion: 1, from: .example("worker-0"), RequestID(1)), at: now)
        #expect(try StateDigest(of: joined) != digest)
        var submitted = plane
        let call = SubmitJob(specification: .example(), source: "")
        submitted.handle(.submit(call, by: "ada", RequestID(1)), at: now)
        #expect(try StateDigest(of: submitted) != digest)
        var routed = plane
        routed.handle(
            .joined(
                .example("gateway-0", .gateway), protocolVersion: 1, from: .example("gateway-0", .gateway),
                RequestID(1)), at: now)
        #expect(try StateDigest(of: routed) != digest)
    }

    /// Sets and dictionaries have another order in each process.
    @Test func theOrderInMemoryDoesNotMatter() throws {
        let names = (0..<50).map { "worker-\($0)" }
        var one = ControlPlane(clusterID: "c", at: now)
        var two = one
        for name in names {
            one.handle(.joined(.example(name), protocolVersion: 1, from: .example(name), RequestID(1)), at: now)
        }
        for name in names.reversed() {
            two.handle(.joined(.example(name), protocolVersion: 1, from: .example(name), RequestID(1)), at: now)
        }
        one.released = Set(names.map { .fake($0) })
        two.released = Set(names.reversed().map { .fake($0) })
        #expect(one == two)
        #expect(try StateDigest(of: one) == StateDigest(of: two))
    }

    /// A date of seconds since 1970 would not come back as it was.
    @Test func datesAndFiguresComeBackAsTheyWere() throws {
        struct Values: Codable, Equatable {
            var moment: Moment
            var loss: Double
            var keys: [ReplicaKey: Int]
            var aliases: [AliasKey: Int]
        }
        for _ in 0..<1000 {
            let date = Date(timeIntervalSinceReferenceDate: .random(in: 7e8..<9e8))
            let values = Values(
                moment: Moment(instant: .now + .nanoseconds(Int.random(in: 0..<1 << 40)), date: date),
                loss: .infinity, keys: [ReplicaKey("a", 1): 1, ReplicaKey("a:b", 2): 2],
                aliases: [AliasKey("a", "production"): 1])
            let json = try ExactJSON.encoder().encode(values)
            #expect(try ExactJSON.decoder().decode(Values.self, from: json) == values)
        }
    }
}

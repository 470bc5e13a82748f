import ClusterProtocol
import Testing

@testable import Gateway

@Suite struct MetricsTests {
    @Test func quantilesAreRightToThreePercent() {
        var histogram = LatencyHistogram()
        var values: [Int] = []
        var random = SplitMix(state: 8)
        for _ in 0..<20_000 {
            let value = Int.random(in: 0...(1 << Int.random(in: 1...26, using: &random)), using: &random)
            histogram.record(microseconds: value)
            values.append(value)
        }
        values.sort()
        for quantile in [0.01, 0.5, 0.9, 0.99, 1] {
            let exact = Double(values[max(0, Int((quantile * 20_000).rounded(.up)) - 1)])
            #expect(abs(histogram.microseconds(at: quantile) - exact) <= 0.04 * exact + 1)
        }
        #expect(LatencyHistogram().microseconds(at: 0.5) == 0)
    }

    @Test func trafficForgetsAfterTenSeconds() {
        var traffic = TrafficWindow()
        for second in 0..<30 {
            for _ in 0..<20 { traffic.record(second: second, microseconds: 2000, isError: second >= 25) }
        }
        let busy = traffic.report(second: 30)
        #expect(busy.requestsPerSecond == 20 && busy.errorsPerSecond == 10)
        #expect(abs(busy.p50Milliseconds - 2) < 0.1 && abs(busy.p99Milliseconds - 2) < 0.1)
        #expect(traffic.report(second: 35).requestsPerSecond == 10)
        #expect(traffic.report(second: 40).requestsPerSecond == 0)
        #expect(traffic.report(second: 4000).requestsPerSecond == 0)
    }

    private static func route(_ model: String, _ version: Int) -> RoutingTable.Route {
        RoutingTable.Route(
            model: model, version: version, aliases: [], digest: TestGateway.digest, interface: .numbers, nodes: [])
    }

    /// A model that is promoted again and again: each version counts while it is served, and no sum falls.
    @Test func whatIsServedIsToldApartAndTheRestIsAddedUp() {
        let metrics = GatewayMetrics()
        for version in 1...1000 {
            metrics.follow([Self.route("m", version - 1), Self.route("m", version)])
            metrics.record(
                .init(model: "m", version: String(version)), status: 200, elapsed: .milliseconds(1), rows: 2)
        }
        let series = metrics.snapshot.series
        #expect(Set(series.keys.map(\.version)) == ["999", "1000", "other"])
        #expect(series[.init(model: "m", version: "1000")]?.rows == 2)
        let rest = series[.init(model: "m", version: "other")]
        #expect(rest?.count == 998 && rest?.rows == 1996 && rest?.statuses == [200: 998])
        #expect(rest?.succeeded == GatewayMetrics.Durations(count: 998, nanoseconds: 998_000_000))
        #expect(rest?.lastSuccess ?? 0 > 0)
    }

    @Test func modelsThatAreNoLongerServedAreForgotten() {
        let metrics = GatewayMetrics()
        for number in 0..<100 {
            metrics.follow([Self.route("m-\(number)", 1)])
            metrics.record(.init(model: "m-\(number)", version: "1"), status: 503, elapsed: .milliseconds(1))
        }
        let series = metrics.snapshot.series
        #expect(series.count == 2 && series[.init(model: "(other)", version: "other")]?.failed.count == 99)
        #expect(metrics.traffic.keys.sorted() == ["m-99"])
        metrics.follow([])
        #expect(metrics.snapshot.series.values.map(\.count) == [100])
        #expect(metrics.traffic.isEmpty)
    }

    @Test func traceParents() {
        let valid = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        #expect(TraceParent(valid)?.child(id: 255) == "00-0af7651916cd43dd8448eb211c80319c-00000000000000ff-01")
        #expect(TraceParent(valid.replacing("-01", with: "-fe"))?.isSampled == false)
        #expect(TraceParent("01" + valid.dropFirst(2) + "-more") != nil)
        for bad in [
            "", "00", valid + "-more", "ff" + valid.dropFirst(2), valid.uppercased(),
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", "01" + valid.dropFirst(2) + "x",
        ] { #expect(TraceParent(bad) == nil, "\(bad)") }
    }
}

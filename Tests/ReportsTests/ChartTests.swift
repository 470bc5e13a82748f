import Testing

@testable import Reports

@Suite struct ChartTests {
    @Test(arguments: [(0.0, 1.0), (-3.7, 12.2), (1e-9, 3e-9), (5.0, 5.0), (0.0, 0.0), (-1e12, 1e12)])
    func ticksLieOnTheAxisAndAreFew(low: Double, high: Double) {
        let scale = Scale(fitting: [low, high], from: 0, to: 100)
        #expect((2...12).contains(scale.ticks.count))
        #expect(scale.ticks.allSatisfy { tick in (-0.01...100.01).contains(scale.place(tick)!) })
        #expect(scale.lower <= low && high <= scale.upper)
        #expect((-0.01...100.01).contains(scale.place(low)!) && (-0.01...100.01).contains(scale.place(high)!))
    }

    /// A curve may hold anything that a number can be.
    @Test(
        arguments: [
            (0, Double.leastNonzeroMagnitude), (Double.leastNonzeroMagnitude, Double.leastNonzeroMagnitude),
            (-1e308, 1.7e308), (1.7e308, 1.7e308), (-.infinity, .infinity),
            (Double.leastNonzeroMagnitude, 1e299),
        ] as [(Double, Double)])
    func whatLeavesNoRoomForArithmeticHasNoPlace(low: Double, high: Double) {
        for kind in [Scale.Kind.linear, .logarithmic] {
            let scale = Scale(fitting: [low, high], from: 0, to: 100, kind: kind)
            #expect((2...12).contains(scale.ticks.count))
            #expect(scale.ticks.allSatisfy { scale.place($0)?.isFinite != false })
            #expect([low, high].allSatisfy { scale.place($0)?.isFinite != false })
        }
    }

    @Test func epochsHaveWholeTicks() {
        for last in [1, 2, 3, 7, 20, 1000] {
            let scale = Scale(fitting: [1, Double(last)], from: 0, to: 100, wholeNumbers: true)
            #expect(scale.ticks.allSatisfy { $0 == $0.rounded() }, "\(last)")
            #expect(Set(scale.ticks).count == scale.ticks.count)
        }
    }

    @Test func aLogarithmicAxisHasEqualStepsForEqualRatios() throws {
        let scale = Scale(fitting: [0.001, 10], from: 0, to: 80, kind: .logarithmic)
        #expect(abs(try #require(scale.place(0.01)) - 20) < 1e-9)
        #expect(scale.place(0) == nil && scale.place(-1) == nil && scale.place(.nan) == nil)
        #expect(LineChart.kind(for: [0.01, 3]) == .logarithmic)
        #expect(LineChart.kind(for: [0, 3]) == .linear)
        #expect(LineChart.kind(for: [0.5, 3]) == .linear)
    }

    @Test func thinningKeepsEndsAndSpikes() {
        var points = (0..<10_000).map { Series.Point(x: Double($0), y: 1) }
        points[7_777].y = 50
        points[3_333].y = -50
        let thinned = Series(name: "loss", points: points).thinned(to: 100)
        #expect(thinned.count <= 100)
        #expect(thinned.first == points.first && thinned.last == points.last)
        #expect(thinned.contains(points[7_777]) && thinned.contains(points[3_333]))
        #expect(zip(thinned, thinned.dropFirst()).allSatisfy { $0.x < $1.x })
    }

    @Test func whatIsNoNumberLeavesAGap() throws {
        let points = [1.0, 2, .nan, 4, 5].enumerated().map { Series.Point(x: Double($0.offset), y: $0.element) }
        var html = ""
        LineChart(title: "t", xName: "epoch", series: [Series(name: "s", points: points)]).node.write(to: &html)
        let path = try #require(html.firstMatch(of: /d="([^"]*)"/)).1
        #expect(path.count { $0 == "M" } == 2 && path.count { $0 == "L" } == 2)
        #expect(!html.contains("nan"))
    }

    @Test func manyBarsAreAveraged() {
        let bars = (1...200).map { StackedChart.Bar(x: Double($0), parts: [1, Double($0 % 2)]) }
        let merged = StackedChart.merged(bars)
        #expect(merged.count == 50)
        #expect(merged.allSatisfy { $0.parts == [1, 0.5] })
    }

    @Test func metricsOfDifferentSizesDoNotShareAnAxis() {
        let curve = [
            ReportEpoch(epoch: 1, step: 1, trainingLoss: 1, metrics: ["accuracy": 0.5, "f1": 0.2, "mse": 900])
        ]
        let charts = CurveCharts.metricCharts(curve)
        #expect(charts.map(\.names) == [["accuracy", "f1"], ["mse"]])
    }
}

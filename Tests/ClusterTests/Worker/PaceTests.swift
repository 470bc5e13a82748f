import Testing

@testable import Nodes

@Suite struct PaceTests {
    @Test func happensAtMostOnceInAnInterval() {
        var pace = Pace(every: .milliseconds(200))
        let start = ContinuousClock.now
        var happened: [Int] = []
        for millisecond in 0...1000 {
            let now = start + .milliseconds(millisecond)
            guard pace.allows(at: now) else { continue }
            pace.happened(at: now)
            happened.append(millisecond)
        }
        #expect(happened == [0, 200, 400, 600, 800, 1000])
    }

    @Test func askingAloneUsesNothingUp() {
        let pace = Pace(every: .seconds(1))
        let now = ContinuousClock.now
        #expect(pace.allows(at: now) && pace.allows(at: now))
    }
}

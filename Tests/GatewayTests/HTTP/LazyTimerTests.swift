import NIOCore
import Testing

@testable import Gateway

@Suite struct LazyTimerTests {
    private func at(_ seconds: Int64) -> NIODeadline { .uptimeNanoseconds(1_000_000_000) + .seconds(seconds) }

    @Test func aLaterLimitNeedsNoNewLook() {
        var timer = LazyTimer()
        #expect(timer.set(at(10)) == true)
        #expect(timer.set(at(20)) == false)
        #expect(timer.look(at: at(10)) == .again(at(20)))
        #expect(timer.set(at(30)) == false)
        #expect(timer.look(at: at(20)) == .again(at(30)))
        #expect(timer.look(at: at(30)) == .over)
        #expect(timer.set(at(40)) == true)
    }

    @Test func anEarlierLimitDoes() {
        var timer = LazyTimer()
        #expect(timer.set(at(75)) == true)
        #expect(timer.set(at(10)) == true)
        #expect(timer.look(at: at(10)) == .over)
    }

    @Test func withoutALimitNothingIsOver() {
        var timer = LazyTimer()
        #expect(timer.set(at(10)) == true)
        timer.clear()
        #expect(timer.look(at: at(10)) == .nothing)
        #expect(timer.set(at(20)) == true)
    }
}

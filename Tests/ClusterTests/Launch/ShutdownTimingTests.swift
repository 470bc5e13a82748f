import Testing

@testable import ClusterProtocol

@Suite struct ShutdownTimingTests {
    /// Each step must be over before the one around it breaks it off.
    @Test func everyStepLeavesTimeForTheNext() {
        #expect(ShutdownTiming.drain < ShutdownTiming.role)
        #expect(ShutdownTiming.role + ShutdownTiming.cancellation < ShutdownTiming.process)
    }
}

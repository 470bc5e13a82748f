import ControlPlane
import NeuralNetworks
import Testing
import Training

@testable import ClusterProtocol

@Suite struct GateTests {
    private typealias Bound = EvaluateSpecification.Bound

    @Test func allBoundsMustHold() {
        let gate = [
            Bound(metric: .accuracy, comparison: .atLeast, value: 0.97),
            Bound(metric: .loss, comparison: .below, value: 0.2),
        ]
        #expect(ModelStatus.GateResult(of: ["accuracy": 0.97, "loss": 0.19], gate: gate).passed)
        let result = ModelStatus.GateResult(of: ["accuracy": 0.9652, "loss": 0.1], gate: gate)
        #expect(!result.passed)
        #expect(
            result.figures == [
                "accuracy is 0.9652, must be >= 0.97: failed", "loss is 0.1, must be < 0.2: passed",
            ])
    }

    @Test func whatWasNotMeasuredDoesNotPass() {
        let gate = [Bound(metric: .f1, comparison: .above, value: 0.5)]
        let result = ModelStatus.GateResult(of: ["accuracy": 1], gate: gate)
        #expect(!result.passed)
        #expect(result.figures == ["f1 was not measured, must be > 0.5: failed"])
        #expect(!ModelStatus.GateResult(of: ["f1": .nan], gate: gate).passed)
    }

    @Test func noGateIsPassed() {
        #expect(ModelStatus.GateResult(of: [:], gate: []).passed)
    }
}

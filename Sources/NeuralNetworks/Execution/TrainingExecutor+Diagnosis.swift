public import Tensors

extension TrainingExecutor {
    /// Computes some rows once more and gives what came first of all that is not finite: going forward, then in the
    /// loss, then going backward. Nil if everything is.
    public func diagnose(
        inputs: UnsafePointer<Float>, targets: UnsafePointer<Float>, rows: Int, parameters: UnsafePointer<Float>,
        gradients: UnsafeMutablePointer<Float>, randomness: StepRandomness
    ) -> NonFinite? {
        if let finding = executor.diagnoseForward(
            inputs: inputs, rows: rows, parameters: parameters, randomness: randomness)
        {
            return finding
        }
        let outputs = executor.forward(inputs: inputs, rows: rows, parameters: parameters, randomness: randomness)
        let sum = function.sum(
            outputs: outputs, targets: targets, rows: rows * network.outputPositions,
            gradient: executor.outputGradient)
        if !sum.loss.isFinite { return .output(of: "the loss (\(loss.name.rawValue))") }
        return executor.diagnoseBackward(rows: rows, parameters: parameters, gradients: gradients)
    }
}

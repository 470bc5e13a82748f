import CKernels

/// Optimizer steps as one pass over the flat memory of parameters, gradients and states.
public enum OptimizerKernels {
    /// p -= rate (g + weightDecay p)
    public static func gradientDescent(
        _ parameters: UnsafeMutablePointer<Float>, _ gradients: UnsafePointer<Float>, count: Int, rate: Float,
        weightDecay: Float
    ) {
        kernels.sgd(rate, weightDecay, parameters, gradients, count)
    }

    /// v = momentum v + g + weightDecay p, without the first term on the first step; p -= rate v.
    public static func momentum(
        _ parameters: UnsafeMutablePointer<Float>, _ gradients: UnsafePointer<Float>,
        velocity: UnsafeMutablePointer<Float>, count: Int, rate: Float, momentum: Float, weightDecay: Float,
        isFirstStep: Bool
    ) {
        kernels.momentum(rate, momentum, weightDecay, isFirstStep, parameters, gradients, velocity, count)
    }

    /// Adam (Kingma and Ba, 2015) and AdamW (Loshchilov and Hutter, 2019), in PyTorch's form.
    public static func adam(
        _ parameters: UnsafeMutablePointer<Float>, _ gradients: UnsafePointer<Float>,
        firstMoment: UnsafeMutablePointer<Float>, secondMoment: UnsafeMutablePointer<Float>, count: Int,
        figures: AdamFigures
    ) {
        kernels.adam(figures.kernel, parameters, gradients, firstMoment, secondMoment, count)
    }

    /// What Adam needs for one step.
    public struct AdamFigures: Sendable {
        var kernel: martlet_adam

        /// - Parameters:
        ///   - step: from 1.
        ///   - isDecoupled: whether the weight decay shrinks the parameters (AdamW) instead of adding to the gradient.
        public init(
            rate: Float, beta1: Double, beta2: Double, epsilon: Float, weightDecay: Float, isDecoupled: Bool, step: Int
        ) {
            let correction1 = 1 - Self.power(beta1, step)
            let correction2 = 1 - Self.power(beta2, step)
            kernel = martlet_adam(
                beta1: Float(beta1), beta2: Float(beta2), epsilon: epsilon, complement1: Float(1 - beta1),
                complement2: Float(1 - beta2), step_size: Float(Double(rate) / correction1),
                second_moment_scale: Float(1 / correction2.squareRoot()), weight_decay: isDecoupled ? 0 : weightDecay,
                parameter_decay: isDecoupled ? 1 - rate * weightDecay : 1)
        }

        /// base^exponent by repeated squaring.
        private static func power(_ base: Double, _ exponent: Int) -> Double {
            var result = 1.0
            var factor = base
            var remaining = exponent
            while remaining > 0 {
                if remaining & 1 == 1 { result *= factor }
                factor *= factor
                remaining >>= 1
            }
            return result
        }
    }
}

import CKernels

/// Optimizer steps as one pass over the flat memory of parameters, gradients and states.
public enum OptimizerKernels {
    /// What every optimizer does with a gradient g before its own formula, to get the slope s of a parameter p:
    /// s = clamp(gradientScale g, to ± gradientBound) + weightDecay p.
    public struct Step: Sendable {
        var kernel: martlet_step

        /// - Parameters:
        ///   - decoupledDecay: shrinks each parameter by rate x decoupledDecay instead of adding to its gradient.
        public init(
            rate: Double, gradientScale: Float = 1, gradientBound: Float = .infinity, weightDecay: Double = 0,
            decoupledDecay: Double = 0
        ) {
            kernel = martlet_step(
                rate: Float(rate), gradient_scale: gradientScale, gradient_bound: gradientBound,
                weight_decay: Float(weightDecay), parameter_decay: Float(1 - rate * decoupledDecay))
        }
    }

    /// p -= rate s
    public static func gradientDescent(
        _ parameters: UnsafeMutablePointer<Float>, _ gradients: UnsafePointer<Float>, count: Int, step: Step
    ) {
        kernels.sgd(step.kernel, parameters, gradients, count)
    }

    /// v = momentum v + s, without the first term on the first step; p -= rate v, or with `isNesterov`
    /// p -= rate (s + momentum v).
    public static func momentum(
        _ parameters: UnsafeMutablePointer<Float>, _ gradients: UnsafePointer<Float>,
        velocity: UnsafeMutablePointer<Float>, count: Int, step: Step, momentum: Double, isNesterov: Bool,
        isFirstStep: Bool
    ) {
        kernels.momentum(
            step.kernel, Float(momentum), isNesterov, isFirstStep, parameters, gradients, velocity, count)
    }

    /// v = alpha v + (1 - alpha) s^2; d = s / (sqrt(v) + epsilon); p -= rate d (Tieleman and Hinton, 2012). With a
    /// velocity b: b = momentum b + d; p -= rate b.
    public static func rmsprop(
        _ parameters: UnsafeMutablePointer<Float>, _ gradients: UnsafePointer<Float>,
        squares: UnsafeMutablePointer<Float>, velocity: UnsafeMutablePointer<Float>?, count: Int, step: Step,
        alpha: Double, epsilon: Double, momentum: Double
    ) {
        kernels.rmsprop(
            step.kernel, Float(alpha), Float(1 - alpha), Float(epsilon), Float(momentum), parameters, gradients,
            squares, velocity, count)
    }

    /// v = v + s^2; p -= rate s / (sqrt(v) + epsilon) (Duchi, Hazan and Singer, 2011).
    public static func adagrad(
        _ parameters: UnsafeMutablePointer<Float>, _ gradients: UnsafePointer<Float>,
        squares: UnsafeMutablePointer<Float>, count: Int, step: Step, epsilon: Double
    ) {
        kernels.adagrad(step.kernel, Float(epsilon), parameters, gradients, squares, count)
    }

    /// Adam (Kingma and Ba, 2015) and AdamW (Loshchilov and Hutter, 2019), in PyTorch's form.
    public static func adam(
        _ parameters: UnsafeMutablePointer<Float>, _ gradients: UnsafePointer<Float>,
        firstMoment: UnsafeMutablePointer<Float>, secondMoment: UnsafeMutablePointer<Float>, count: Int, step: Step,
        figures: AdamFigures
    ) {
        kernels.adam(step.kernel, figures.kernel, parameters, gradients, firstMoment, secondMoment, count)
    }

    /// Sum of the squares, in double precision and in one fixed order on every machine.
    public static func sumOfSquares(_ values: UnsafePointer<Float>, count: Int) -> Double {
        kernels.sum_of_squares(values, count)
    }

    /// What Adam needs for one step.
    public struct AdamFigures: Sendable {
        var kernel: martlet_adam

        /// - Parameter number: of the step, from 1.
        public init(rate: Double, beta1: Double, beta2: Double, epsilon: Double, number: Int) {
            let correction1 = 1 - Self.power(beta1, number)
            let correction2 = 1 - Self.power(beta2, number)
            kernel = martlet_adam(
                beta1: Float(beta1), beta2: Float(beta2), epsilon: Float(epsilon), complement1: Float(1 - beta1),
                complement2: Float(1 - beta2), step_size: Float(rate / correction1),
                second_moment_scale: Float(1 / correction2.squareRoot()))
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

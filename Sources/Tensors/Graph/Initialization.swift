/// How a parameter starts.
public enum Initialization: Sendable, Equatable {
    case constant(Float)
    /// U(-bound, bound)
    case uniform(bound: Float)
    /// N(0, deviation^2)
    case normal(deviation: Float)

    /// PyTorch's default for the weight and the bias of linear layers and convolutions:
    /// `kaiming_uniform_(a=sqrt(5))`, which is U(-1/sqrt(fan in), 1/sqrt(fan in)).
    public static func uniform(fanIn: Int) -> Initialization {
        .uniform(bound: 1 / Float(fanIn).squareRoot())
    }

    func fill(_ values: UnsafeMutablePointer<Float>, count: Int, stream: RandomStream) {
        switch self {
        case .constant(let value): values.update(repeating: value, count: count)
        case .uniform(let bound): stream.fill(values, count: count, low: -bound, high: bound)
        case .normal(let deviation):
            stream.fill(values, count: count, low: 0, high: 1)
            // The middle of the interval of 2^-24 that each number stands for, so none is 0.
            for index in 0..<count {
                let share = Double(values[index]) + 0x1p-25
                values[index] = Float(Double(deviation) * NormalDistribution.quantile(share))
            }
        }
    }
}

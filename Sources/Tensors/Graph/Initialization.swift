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

    /// U(-b, b) with b = sqrt(6 / (fan in + fan out)), PyTorch's `xavier_uniform_` (Glorot and Bengio, 2010).
    public static func xavierUniform(fanIn: Int, fanOut: Int) -> Initialization {
        .uniform(bound: (6 / Float(fanIn + fanOut)).squareRoot())
    }

    func fill(_ values: UnsafeMutablePointer<Float>, count: Int, stream: RandomStream) {
        switch self {
        case .constant(let value): values.update(repeating: value, count: count)
        case .uniform(let bound): stream.fill(values, count: count, low: -bound, high: bound)
        case .normal(let deviation): stream.fillNormal(values, count: count, deviation: deviation)
        }
    }
}

import CKernels

/// How the factors of matrix products are rounded. Values, sums, parameters and optimizer states are f32 in any case.
public enum Precision: String, Codable, Sendable, CaseIterable {
    case f32
    /// bfloat16, the upper half of f32: 8 bits of exponent and 8 of precision.
    case bf16

    /// Whether this CPU multiplies it.
    public var isSupported: Bool {
        switch self {
        case .f32: true
        case .bf16: KernelPath.selected == .avx512 && martlet_bf16_is_supported()
        }
    }
}

import CKernels
import Foundation

/// The set of instructions that the C kernels use. All give the same results; wider ones are faster.
public enum KernelPath: String, CaseIterable, Sendable {
    /// Scalar loops, for comparison in tests.
    case reference
    /// What every CPU of the architecture has.
    case baseline
    case avx2
    case avx512

    /// Whether this CPU can run it.
    public var isSupported: Bool { table != nil }

    /// The path in use: the one named by the environment variable `MARTLET_CPU`, otherwise the widest one.
    ///
    /// Ends the process if that variable names no path, or one that this CPU cannot run: results of a run that was
    /// forced onto a path must not come from another one.
    public static let selected: KernelPath = {
        guard let name = ProcessInfo.processInfo.environment["MARTLET_CPU"], !name.isEmpty else {
            return allCases.last { $0.isSupported } ?? .baseline
        }
        let supported = allCases.filter(\.isSupported)
        guard let path = supported.first(where: { $0.rawValue == name }) else {
            let names = supported.map(\.rawValue).joined(separator: ", ")
            fatalError("MARTLET_CPU is '\(name)'; this CPU can run: \(names)")
        }
        return path
    }()

    var table: UnsafePointer<martlet_kernels>? {
        switch self {
        case .reference: martlet_kernels_of(.reference)
        case .baseline: martlet_kernels_of(.baseline)
        case .avx2: martlet_kernels_of(.avx2)
        case .avx512: martlet_kernels_of(.avx512)
        }
    }
}

/// The kernels of the selected path. Written once, before the first use, and never changed.
let kernels: martlet_kernels = KernelPath.selected.table!.pointee

import Foundation
import Tensors
import Testing

@Suite struct KernelPathTests {
    /// Without the variable there is nothing to see: every path has its turn in `SystemTests`.
    @Test func theForcedPathIsInUse() {
        let environment = ProcessInfo.processInfo.environment
        if let path = environment["MARTLET_CPU"], !path.isEmpty {
            #expect(KernelPath.selected.rawValue == path)
        }
        if let core = environment["OPENBLAS_CORETYPE"], !core.isEmpty {
            #expect(BLAS.coreName.lowercased() == core.lowercased())
        }
    }
}

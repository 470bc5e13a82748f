import CKernels
import Testing

@testable import Tensors

/// Runs a kernel on every path and compares: with the reference within a tolerance, and the vectorised paths with each
/// other bit by bit, which is what lets machines with different CPUs work on one job.
struct KernelComparison {
    /// Lengths around the widths of registers, and one that is long.
    static let lengths = [0, 1, 3, 7, 15, 16, 17, 63, 64, 65, 1000]

    /// Largest difference allowed, relative to max(1, |expected|).
    var tolerance: Float = 1e-6

    static let vectorPaths = KernelPath.allCases.filter { $0 != .reference && $0.isSupported }

    /// - Parameters:
    ///   - length: floats of the buffer that the kernel writes, or reads and writes.
    ///   - initial: what it holds before.
    ///   - run: calls the kernel and gives a number of its own, such as a loss.
    func callAsFunction(
        length: Int, initial: [Float]? = nil, sourceLocation: SourceLocation = #_sourceLocation,
        run: (martlet_kernels, UnsafeMutablePointer<Float>) -> Double
    ) throws {
        let start = initial ?? [Float](repeating: 7, count: length)
        func results(_ path: KernelPath) throws -> (values: [Float], figure: Double) {
            // A guard value behind the buffer shows writes beyond its end.
            var values = start + [-12345]
            let table = try #require(path.table)
            let figure = values.withUnsafeMutableBufferPointer { run(table.pointee, $0.baseAddress!) }
            #expect(values.last == -12345, "\(path) wrote behind its buffer", sourceLocation: sourceLocation)
            return (values, figure)
        }
        let expected = try results(.reference)
        var first: (values: [Float], figure: Double)?
        for path in Self.vectorPaths {
            let actual = try results(path)
            for index in 0..<length {
                let difference = abs(actual.values[index] - expected.values[index])
                let isClose = difference <= tolerance * max(1, abs(expected.values[index]))
                guard !isClose else { continue }
                Issue.record(
                    "\(path), length \(length), place \(index): \(actual.values[index]), not \(expected.values[index])",
                    sourceLocation: sourceLocation)
                return
            }
            #expect(
                abs(actual.figure - expected.figure) <= Double(tolerance) * max(1, abs(expected.figure)),
                sourceLocation: sourceLocation)
            if let first {
                #expect(
                    first.values.map(\.bitPattern) == actual.values.map(\.bitPattern)
                        && first.figure.bitPattern == actual.figure.bitPattern,
                    "\(path) gives other bits than \(Self.vectorPaths[0])", sourceLocation: sourceLocation)
            }
            first = first ?? actual
        }
    }
}

/// Numbers of U(low, high), the same for the same stream.
func randomValues(_ count: Int, stream: UInt32 = 0, low: Float = -2, high: Float = 2) -> [Float] {
    var values = [Float](repeating: 0, count: count)
    RandomStream(seed: 99, stream: stream).fill(&values, count: count, low: low, high: high)
    return values
}

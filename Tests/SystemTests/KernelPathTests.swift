import Foundation
import Tensors
import Testing

extension SystemTests {
    /// What is promised of results holds on every code path, whatever this CPU would choose for itself: fixtures,
    /// gradients, and the bytes that a training ends in.
    @Suite(.serialized) struct KernelPathTests {
        /// Runs tests of this program again, in a process that is forced onto one path.
        @Test(arguments: KernelPath.allCases)
        func resultsAreWhatTheyShouldBe(_ path: KernelPath) async throws {
            guard path.isSupported else {
                // The report does not mention single cases that were cancelled.
                print("skipped: this CPU cannot run the path '\(path.rawValue)'")
                try Test.cancel("this CPU cannot run it")
            }
            let trained = try await Self.run(
                ["^TensorsTests\\.", "^NeuralNetworksTests\\.", "^TrainingTests\\."], on: path)
            #expect(trained.count == 5, "\(trained)")
            // In another process, where hashes have other seeds.
            let again = try await Self.run(["^TrainingTests\\.ByteIdentityTests/"], on: path)
            #expect(again == trained)
        }

        /// What the trainings among these tests ended in, sorted.
        private static func run(_ tests: [String], on path: KernelPath) async throws -> [String] {
            var environment = ["MARTLET_CPU": path.rawValue]
            environment["OPENBLAS_CORETYPE"] = core(of: path)
            let result = try await Command.run(
                URL(filePath: "/proc/self/exe").resolvingSymlinksInPath(),
                ["--testing-library", "swift-testing"] + tests.flatMap { ["--filter", $0] }, environment: environment)
            let lines = (result.output + result.errors).split(separator: "\n")
            let problems = lines.filter { $0.contains(" recorded an issue") || $0.contains("Fatal error") }
            #expect(
                result.status == 0,
                "\(path.rawValue), status \(result.status): \(problems.prefix(20).joined(separator: "\n"))")
            return lines.filter { $0.hasPrefix("trained ") }.map(String.init).sorted()
        }

        /// OpenBLAS chooses its kernels for itself; this names those for the same instructions. Nil where it has no
        /// choice.
        private static func core(of path: KernelPath) -> String? {
            #if arch(x86_64)
                switch path {
                case .reference, .baseline: "Prescott"
                case .avx2: "Haswell"
                case .avx512: "SkylakeX"
                }
            #else
                nil
            #endif
        }
    }
}

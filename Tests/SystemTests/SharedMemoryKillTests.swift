import JobProtocol
import Foundation
import Testing

extension SystemTests {
    /// kill -9 of a process that shares memory with another.
    @Suite(.serialized) struct SharedMemoryKillTests {
        @Test func nothingIsLeftOfAKilledWorkerAndTheNextRunStartsClean() async throws {
            try await LocalCluster.run(inference: 0) { cluster in
                let names = MemoryFiles.named
                let id = try await FaultTests.submitLongJob(to: cluster)
                let worker = try await cluster.processID(of: "worker-1")
                let other = try await cluster.processID(of: "worker-0")
                var files: Set<UInt64> = []
                try await cluster.wait(for: "shared memory") {
                    files = MemoryFiles.mapped(by: worker)
                    return !files.isEmpty && MemoryFiles.mapped(by: other) == files
                }
                #expect(MemoryFiles.open(by: other).isEmpty, "closed once all have mapped it")

                try await cluster.kill("worker-1")
                try await cluster.wait(for: "the memory to be gone") { MemoryFiles.holders(of: files).isEmpty }
                #expect(MemoryFiles.named.subtracting(names).filter { $0.contains("martlet") }.isEmpty)
                try await cluster.expect("job", "wait", id)
                #expect(try await cluster.job(id).state == .finished)

                try await cluster.expect("cluster", "up")
                try await cluster.expect("train", Digits.job, "--set", "train.epochs=2")
                let next = try await cluster.lastJob()
                #expect(next.state == .finished, "\(next.detail)")
                #expect(MemoryFiles.mapped(by: other).isDisjoint(with: files))
            }
        }

        /// Ranks of a benchmark, of which nobody but the other rank takes care.
        @Test func theOtherRankEndsAtOnce() async throws {
            // A number of repetitions that no other run has names the processes of this one.
            let repetitions = "999983"
            async let measuring = Command.run(
                Command.martlet, ["bench", "allreduce", "--ranks", "2", "--repetitions", repetitions])
            let deadline = ContinuousClock.now + .seconds(30)
            var files: Set<UInt64> = []
            while files.isEmpty, ContinuousClock.now < deadline {
                let ranks = Self.ranks(repetitions)
                if let first = ranks["0"], let second = ranks["1"],
                    MemoryFiles.mapped(by: first) == MemoryFiles.mapped(by: second)
                {
                    files = MemoryFiles.mapped(by: second)
                }
                try await Task.sleep(for: .milliseconds(5))
            }
            try #require(!files.isEmpty, "the ranks did not come to share memory")
            // Past what is agreed on by messages, they do nothing but add up.
            let victim = try #require(Self.ranks(repetitions)["1"])
            let begun = Self.processorTicks(of: victim)
            while Self.processorTicks(of: victim) < begun + 20, ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(5))
            }
            let start = ContinuousClock.now
            #expect(kill(victim, SIGKILL) == 0)
            let result = try await measuring
            #expect(ContinuousClock.now - start < .seconds(10), "the other rank waited for its timeout")
            #expect(result.status != 0)
            #expect(result.errors.contains("the process of rank 1 (worker-1) has ended"), "\(result.errors)")
            #expect(Self.ranks(repetitions).isEmpty)
            #expect(MemoryFiles.holders(of: files).isEmpty)
        }

        /// Processor time that a process has used, in hundredths of a second.
        private static func processorTicks(of process: Int32) -> Int {
            guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return 0 }
            // The name, in parentheses, may hold anything; user and system time are the 12th and 13th behind it.
            let fields = stat[(stat.lastIndex(of: ")") ?? stat.startIndex)...].split(separator: " ")
            return fields[12...13].compactMap { Int($0) }.reduce(0, +)
        }

        /// The processes of a run by their ranks.
        private static func ranks(_ repetitions: String) -> [String: Int32] {
            let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
            let found = entries.compactMap { Int32($0) }.compactMap { process -> (String, Int32)? in
                guard let line = try? Data(contentsOf: URL(filePath: "/proc/\(process)/cmdline")) else { return nil }
                let arguments = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
                guard arguments.contains(repetitions), let option = arguments.firstIndex(of: "--rank"),
                    option + 1 < arguments.count
                else { return nil }
                return (arguments[option + 1], process)
            }
            return Dictionary(found) { first, _ in first }
        }
    }
}

import Testing
import WireFuzzing

/// A short run; `martlet-fuzz` does the same a million times.
@Suite struct FuzzTests {
    @Test(arguments: [1, 2] as [UInt64]) func mutatedFramesNeverCrashTheDecoder(seed: UInt64) throws {
        var fuzzer = try EnvelopeFuzzer(seed: seed)
        let report = try fuzzer.run(frames: 10_000)
        #expect(report.frames == 10_000)
        // Mutations that nothing accepts, or that everything accepts, would test nothing.
        #expect(report.accepted > 100)
        #expect(report.malformed > 1000)
        #expect(report.invalid > 100)
        #expect(report.otherVersion > 10)
    }

    @Test func theSameSeedGivesTheSameFrames() throws {
        var first = try EnvelopeFuzzer(seed: 9)
        var second = try EnvelopeFuzzer(seed: 9)
        #expect(try first.run(frames: 500) == second.run(frames: 500))
    }
}

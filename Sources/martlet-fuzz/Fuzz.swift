import Foundation
import WireFuzzing

/// `martlet-fuzz [frames] [seed]`: feeds that many mutated envelopes to the decoder (default: a million, seed 1).
/// Ends with status 1 and the frame in hexadecimal at the first one that is accepted but does not survive encoding.
@main struct Fuzz {
    static func main() throws {
        let numbers = CommandLine.arguments.dropFirst().compactMap { UInt64($0) }
        guard numbers.count == CommandLine.arguments.count - 1, numbers.count <= 2 else {
            FileHandle.standardError.write(Data("usage: martlet-fuzz [frames] [seed]\n".utf8))
            exit(64)
        }
        let frames = numbers.first.map { Int(clamping: $0) } ?? 1_000_000
        var fuzzer = try EnvelopeFuzzer(seed: numbers.count == 2 ? numbers[1] : 1)
        let clock = ContinuousClock()
        let start = clock.now
        do {
            let report = try fuzzer.run(frames: frames)
            print(
                """
                \(report.frames) frames in \(clock.now - start): \(report.accepted) accepted, \
                \(report.malformed) malformed, \(report.invalid) with an invalid field, \
                \(report.otherVersion) of another version, \(report.tooLarge) too large
                """)
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            exit(1)
        }
    }
}

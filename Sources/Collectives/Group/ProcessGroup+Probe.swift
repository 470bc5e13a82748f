import Foundation
import Tensors

extension ProcessGroup {
    /// Measures how long a message takes and how fast bytes travel between the ranks, and sets the thresholds by it.
    /// All ranks call it, and all go by the slowest one's figures, so they agree.
    package func probe() throws {
        guard size > 1 else { return }
        let small = try time(elements: 1, repetitions: 20)
        let large = try time(elements: Self.probeElements, repetitions: 3)
        let (latency, transfer) = try allGather(values: [small, large], count: 2, named: "probe")
            .reduce((0, 0)) { (max($0.0, $1[0]), max($0.1, $1[1])) }
        tuning.apply(
            Tuning.Probe(
                latency: latency,
                secondsPerByte: max(0, transfer - latency) / Double(4 * Self.probeElements * (size - 1))),
            ranks: size)
    }

    private static let probeElements = 64 << 10

    /// The median time of an exchange.
    private func time(elements: Int, repetitions: Int) throws -> Double {
        let (input, output) = (FloatBuffer(count: elements), FloatBuffer(count: elements))
        let parts = tree.cover(of: mine).map { _ in input }
        let operation = CollectiveOperation(
            prepareAllReduce("probe", count: elements, algorithm: .exchange), in: self,
            CollectiveBuffers(inputs: parts, output: output))
        let seconds = try (0..<repetitions).map { _ in
            let start = ContinuousClock.now
            try operation.run()
            return (ContinuousClock.now - start) / .seconds(1)
        }
        return seconds.sorted()[repetitions / 2]
    }
}

extension Tuning: CustomStringConvertible {
    /// What the thresholds are derived from.
    package struct Probe: Sendable, Equatable {
        /// Seconds for an exchange of next to nothing.
        package var latency: Double
        /// Seconds that one more byte from or to one more rank takes.
        package var secondsPerByte: Double

        package init(latency: Double, secondsPerByte: Double) {
            self.latency = latency
            self.secondsPerByte = secondsPerByte
        }
    }

    /// An exchange takes one latency and (p-1) n bytes, a direct all-reduce two and 2 (p-1)/p n: they meet where the
    /// bytes saved take as long as a latency. Halving and doubling takes 2 log2 p latencies but log2 p frames instead
    /// of 2 (p-1), which only counts where many ranks each cost a frame.
    package mutating func apply(_ probe: Probe, ranks: Int) {
        guard ranks > 2 else { return }
        let saved = Double(ranks - 1) * (1 - 2 / Double(ranks)) * max(probe.secondsPerByte, 1e-12)
        exchangeBytes = min(max(Int(probe.latency / saved), 4 << 10), 1 << 20)
        halvingDoublingBytes = ranks >= 8 ? 2 * exchangeBytes : exchangeBytes
    }

    package var description: String {
        "tuning: exchange up to \(exchangeBytes) bytes (2 ranks: always), halving-doubling up to "
            + "\(halvingDoublingBytes), then direct; segments of \(segmentBytes) over \(streams) "
            + "stream\(streams == 1 ? "" : "s"), buckets of \(bucketBytes), spin \(Int(spin / .microseconds(1))) us, "
            + "yield \(Int(yield / .microseconds(1))) us"
    }
}

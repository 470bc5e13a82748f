import ArgumentParser
import Collectives

/// The way that the measured sums take.
struct BenchPath: ParsableArguments {
    enum Transport: String, ExpressibleByArgument, CaseIterable {
        case shared, tcp
    }

    enum Result: String, ExpressibleByArgument, CaseIterable {
        /// Every rank has the sum in its own buffer, as MPI_IN_PLACE leaves it.
        case everywhere
        /// The sum lies in memory once, where all ranks read it, as in training.
        case common
    }

    @Option(help: "How ranks talk: shared memory, or encrypted ZeroMQ over TCP.")
    var transport = Transport.shared

    @Option(help: "Where a sum in shared memory is left: everywhere, in each rank's own buffer, or common, once.")
    var result = Result.everywhere

    @Option(help: "Over TCP, what numbers travel as: f32 or bf16.")
    var wire = WireFormat.f32

    @Option(help: "Over TCP, the algorithm: exchange, direct, ring or halving-doubling. By default what training uses.")
    var algorithm: AllReduce.Algorithm?

    @Option(parsing: .unconditional, help: "Over TCP, bytes of one frame.")
    var segmentBytes = Tuning().segmentBytes

    @Option(parsing: .unconditional, help: "Over TCP, connections between two ranks, each with a thread that encrypts.")
    var streams = Tuning().streams

    @Option(parsing: .unconditional, help: "In shared memory, microseconds that a waiting rank looks at nothing else.")
    var spin = Int(Tuning().spin / .microseconds(1))

    @Option(
        parsing: .unconditional,
        help: "In shared memory, microseconds that it then yields its core between looks, before it sleeps.")
    var yield = Int(Tuning().yield / .microseconds(1))

    @Option(
        parsing: .unconditional,
        help: "How often each size is measured. By default 5 to 200 times, large ones less often.")
    var repetitions: Int?

    var arguments: [String] {
        ["--transport", transport.rawValue, "--result", result.rawValue, "--wire", wire.rawValue]
            + ["--segment-bytes", "\(segmentBytes)", "--streams", "\(streams)", "--spin", "\(spin)"]
            + ["--yield", "\(self.yield)"]
            + (algorithm.map { ["--algorithm", $0.rawValue] } ?? [])
            + (repetitions.map { ["--repetitions", "\($0)"] } ?? [])
    }

    func validate() throws {
        try OptionBounds.check(repetitions ?? 1, of: "--repetitions", in: 1...1_000_000)
        try OptionBounds.check(segmentBytes, of: "--segment-bytes", in: 64...1 << 30)
        try OptionBounds.check(spin, of: "--spin", in: 0...10_000_000)
        try OptionBounds.check(self.yield, of: "--yield", in: 0...10_000_000)
        try OptionBounds.check(streams, of: "--streams", in: 1...16)
        guard algorithm != .shared, algorithm != .hierarchical else {
            throw ValidationError("--algorithm \(algorithm!.rawValue) is chosen by --transport")
        }
    }
}

extension WireFormat: ExpressibleByArgument {}
extension AllReduce.Algorithm: ExpressibleByArgument {}

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

    var arguments: [String] {
        ["--transport", transport.rawValue, "--result", result.rawValue, "--wire", wire.rawValue]
            + (algorithm.map { ["--algorithm", $0.rawValue] } ?? [])
    }

    func validate() throws {
        guard algorithm != .shared, algorithm != .hierarchical else {
            throw ValidationError("--algorithm \(algorithm!.rawValue) is chosen by --transport")
        }
    }
}

extension WireFormat: ExpressibleByArgument {}
extension AllReduce.Algorithm: ExpressibleByArgument {}

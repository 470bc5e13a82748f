import Collectives
import Foundation
import Tensors

/// One rank's part in measuring all-reduce.
struct RankMeasurement {
    private let group: ProcessGroup
    private let path: BenchPath

    /// Floats, as the peers' programs measure.
    private static let sizes = [256, 4096, 65_536, 1 << 20, 4 << 20, 16 << 20]
    /// Sums that do not count: many of the quick ones, since the system takes some milliseconds until it has given each
    /// rank a core of its own.
    private static func warmUps(_ count: Int) -> Int { max(5, min(10_000, (8 << 20) / count)) }

    init(_ group: ProcessGroup, _ path: BenchPath) {
        self.group = group
        self.path = path
    }

    func run() throws -> RankReport {
        if path.transport == .tcp { try group.probe() }
        let wire = path.wire == .f32 ? "" : "-\(path.wire)"
        let result = path.transport == .shared && path.result == .common ? "-common" : ""
        var report = RankReport(
            transport: path.transport.rawValue + result + wire, ranks: group.size,
            memoryBandwidth: try memoryBandwidth(), tuning: group.tuning.description)
        report.rows = path.transport == .shared ? try measureShared() : try measureMessages()
        return report
    }

    private func measureShared() throws -> [RankReport.Row] {
        var layout = group.layout
        layout.hosts = try group.findHosts()
        let largest = Self.sizes.max()!
        guard let memory = try group.shareMemory(floats: 2 * largest, named: "bench") else {
            throw CommandFailure("ranks cannot share memory: \(group.sharedMemoryRefusal ?? "they are on other hosts")")
        }
        let shared = SharedBuffers(memory, count: largest, stride: largest)
        let input = shared.buffer(0, ofRank: group.rank)
        let result: SharedResult = path.result == .common ? .common(buffer: 1) : .everywhere(buffer: 0)
        let output = path.result == .common ? shared.buffer(1, ofRank: layout.neighbours[0]) : input
        return try Self.sizes.map { count in
            let plan = AllReduce.plan(.shared, count: count, layout: layout, tuning: group.tuning, result: result)
            let collective = Collective("all-reduce", of: "bench", count: count, plan: plan)
            let operation = CollectiveOperation(collective, in: group, CollectiveBuffers(shared: shared))
            return try measure(operation, count: count, input: input, output: output, algorithm: .shared)
        }
    }

    private func measureMessages() throws -> [RankReport.Row] {
        try Self.sizes.map { count in
            let algorithm = path.algorithm ?? group.tuning.algorithm(for: group.layout, bytes: 4 * count)
            let collective = group.prepareAllReduce("bench", count: count, algorithm: algorithm, wire: path.wire)
            let (input, output) = (FloatBuffer(count: count), FloatBuffer(count: count))
            let operation = CollectiveOperation(
                collective, in: group, CollectiveBuffers(inputs: [input], output: output))
            return try measure(operation, count: count, input: input, output: output, algorithm: algorithm)
        }
    }

    private func measure(
        _ operation: CollectiveOperation, count: Int, input: FloatBuffer, output: FloatBuffer,
        algorithm: AllReduce.Algorithm
    ) throws -> RankReport.Row {
        input.pointer.update(repeating: 1, count: count)
        try operation.run()
        guard output.pointer[0] == Float(group.size), output.pointer[count - 1] == Float(group.size) else {
            throw CommandFailure("the sum is \(output.pointer[count - 1]), expected \(group.size)")
        }
        try group.barrier("bench")
        // Zeroes stay zeroes however often they are added up in place.
        input.pointer.update(repeating: 0, count: count)
        let repetitions = path.repetitions ?? max(5, min(200, (32 << 20) / count))
        var seconds: [Double] = []
        let warmUps = Self.warmUps(count)
        for round in 0..<warmUps + repetitions {
            if round == warmUps { try group.barrier("bench") }
            let start = ContinuousClock.now
            try operation.run()
            if round >= warmUps { seconds.append((ContinuousClock.now - start) / .seconds(1)) }
        }
        let median = seconds.sorted()[seconds.count / 2]
        let share = 2 * Double(group.size - 1) / Double(group.size)
        return RankReport.Row(
            bytes: 4 * count, algorithm: algorithm.rawValue, medianMicroseconds: median * 1e6,
            busBandwidth: share * Double(4 * count) / median / 1e9)
    }

    /// STREAM's "add": two vectors are read and one written, on all ranks at once.
    private func memoryBandwidth() throws -> Double {
        let count = 16 << 20
        let (a, b, c) = (FloatBuffer(count: count), FloatBuffer(count: count), FloatBuffer(count: count))
        var best = Double.infinity
        for _ in 0..<5 {
            try group.barrier("memory bandwidth")
            let start = ContinuousClock.now
            SumKernels.add(a.pointer, b.pointer, into: c.pointer, count: count)
            // All ranks' work is in the time, also where they take turns on a core.
            try group.barrier("memory bandwidth")
            best = min(best, (ContinuousClock.now - start) / .seconds(1))
        }
        return Double(group.size) * 3 * 4 * Double(count) / best / 1e9
    }
}

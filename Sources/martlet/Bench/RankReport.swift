import Foundation

/// What `martlet bench allreduce` found out.
struct RankReport: Codable {
    struct Row: Codable {
        var bytes: Int
        var algorithm: String
        var medianMicroseconds: Double
        /// GB/s
        var busBandwidth: Double
    }

    var transport: String
    var ranks: Int
    /// GB/s that all ranks together read and write when each adds vectors larger than any cache.
    var memoryBandwidth: Double
    var tuning: String
    var rows: [Row] = []

    var lines: [String] {
        [
            "memory bandwidth of \(ranks) ranks: \(String(format: "%.1f", memoryBandwidth)) GB/s", tuning,
        ]
            + rows.map { row in
                String(
                    format: "martlet %@ world=%d bytes=%d median=%.2fus busbw=%.2fGB/s of-memory=%.0f%% %@", transport,
                    ranks, row.bytes, row.medianMicroseconds, row.busBandwidth,
                    100 * row.busBandwidth / memoryBandwidth, row.algorithm)
            }
    }
}

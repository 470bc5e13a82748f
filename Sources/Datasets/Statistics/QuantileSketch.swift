#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

/// Quantiles of a stream of numbers. Exact up to `exactLimit` values, interpolated linearly as NumPy does; beyond that
/// by a merging t-digest (Dunning and Ertl, Computing Extremely Accurate Quantiles Using t-Digests, 2019), whose error
/// is smallest at the ends. The same stream gives the same answer.
struct QuantileSketch {
    static let exactLimit = 100_000
    /// Centroids are about so many at most.
    private static let compression = 1000.0
    private static let bufferLimit = 20_000

    private struct Centroid {
        var mean: Double
        var weight: Double
    }

    /// Values not yet merged into the centroids: all of them while the sketch is exact.
    private var values: [Double] = []
    private var isSorted = true
    private var centroids: [Centroid] = []
    private var minimum = Double.infinity
    private var maximum = -Double.infinity
    private(set) var count = 0

    var isExact: Bool { centroids.isEmpty }

    mutating func add(_ value: Double, times: Int = 1) {
        guard times > 0 else { return }
        minimum = min(minimum, value)
        maximum = max(maximum, value)
        count += times
        isSorted = false
        if times > 1, !isExact || values.count + times > Self.exactLimit {
            compress(with: [Centroid(mean: value, weight: Double(times))])
        } else {
            for _ in 0..<times { values.append(value) }
            if values.count > (isExact ? Self.exactLimit : Self.bufferLimit) { compress(with: []) }
        }
    }

    /// The value below which this share of the stream lies, from 0 to 1; nil of an empty stream.
    mutating func quantile(_ share: Double) -> Double? {
        guard count > 0 else { return nil }
        guard isExact else {
            if !values.isEmpty { compress(with: []) }
            return interpolated(share)
        }
        if !isSorted {
            values.sort()
            isSorted = true
        }
        let place = share * Double(values.count - 1)
        let low = Int(place)
        let high = min(low + 1, values.count - 1)
        return values[low] + (values[high] - values[low]) * (place - Double(low))
    }

    private mutating func compress(with more: [Centroid]) {
        let all = (centroids + values.map { Centroid(mean: $0, weight: 1) } + more).sorted { $0.mean < $1.mean }
        values.removeAll(keepingCapacity: true)
        let total = Double(count)
        var merged: [Centroid] = []
        var current = all[0]
        var before = 0.0
        var limit = total * Self.share(atScale: Self.scale(0) + 1)
        for next in all.dropFirst() {
            if before + current.weight + next.weight <= limit {
                current.weight += next.weight
                current.mean += (next.mean - current.mean) * next.weight / current.weight
            } else {
                before += current.weight
                limit = total * Self.share(atScale: Self.scale(before / total) + 1)
                merged.append(current)
                current = next
            }
        }
        merged.append(current)
        centroids = merged
    }

    /// Between the middles of neighbouring centroids, and to the extremes at the ends.
    private func interpolated(_ share: Double) -> Double {
        let wanted = share * Double(count)
        var place = 0.0
        var previous = (place: 0.0, value: minimum)
        for centroid in centroids {
            let middle = (place: place + centroid.weight / 2, value: centroid.mean)
            if wanted <= middle.place { return Self.line(previous, middle, at: wanted) }
            place += centroid.weight
            previous = middle
        }
        return Self.line(previous, (Double(count), maximum), at: wanted)
    }

    private static func line(
        _ a: (place: Double, value: Double), _ b: (place: Double, value: Double), at place: Double
    ) -> Double {
        b.place > a.place ? a.value + (b.value - a.value) * (place - a.place) / (b.place - a.place) : b.value
    }

    /// k1 of the paper.
    private static func scale(_ share: Double) -> Double {
        compression / (2 * Double.pi) * asin(2 * min(max(share, 0), 1) - 1)
    }

    private static func share(atScale scale: Double) -> Double {
        let angle = scale * 2 * Double.pi / compression
        return angle >= Double.pi / 2 ? 1 : (sin(angle) + 1) / 2
    }
}

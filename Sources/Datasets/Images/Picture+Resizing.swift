extension Picture {
    /// Resized, channel by channel: a pixel is the mean of the area that it covers where the picture shrinks, and
    /// bilinear between the nearest where it grows, as Pillow's `BILINEAR` does it.
    ///
    /// The old rows are gone through once, and each is added to the new ones that it is a part of: what is held is one
    /// number for each new pixel, however large the picture was.
    func planes(height newHeight: Int, width newWidth: Int) -> [UInt8] {
        let columns = Self.weights(from: width, to: newWidth)
        let rows = Self.weights(from: height, to: newHeight)
        var narrow = [Float](repeating: 0, count: newWidth)
        var result: [UInt8] = []
        result.reserveCapacity(channels * newHeight * newWidth)
        for channel in 0..<channels {
            var sums = [Float](repeating: 0, count: newHeight * newWidth)
            var first = 0
            for row in 0..<height {
                for (column, taps) in columns.enumerated() {
                    var sum: Float = 0
                    for (offset, weight) in taps.weights.enumerated() {
                        sum += weight * Float(pixels[(row * width + taps.first + offset) * channels + channel])
                    }
                    narrow[column] = sum
                }
                while first < newHeight, rows[first].end <= row { first += 1 }
                var new = first
                while new < newHeight, rows[new].first <= row {
                    let weight = rows[new].weights[row - rows[new].first]
                    for column in 0..<newWidth { sums[new * newWidth + column] += weight * narrow[column] }
                    new += 1
                }
            }
            result.append(contentsOf: sums.lazy.map { UInt8(min(max($0 + 0.5, 0), 255)) })
        }
        return result
    }

    /// The old pixels that a new one is made of.
    private struct Taps {
        var first: Int
        var weights: [Float]
        var end: Int { first + weights.count }
    }

    /// For each new pixel its old ones, by a triangle as wide as the larger of both pixels.
    private static func weights(from old: Int, to new: Int) -> [Taps] {
        guard old != new else { return (0..<old).map { Taps(first: $0, weights: [1]) } }
        let scale = Double(old) / Double(new)
        let support = max(scale, 1)
        return (0..<new).map { index in
            let centre = (Double(index) + 0.5) * scale
            let first = max(0, Int(centre - support + 0.5))
            let last = max(first + 1, min(old, Int(centre + support + 0.5)))
            let weights = (first..<last).map { place in
                max(0, 1 - abs((Double(place) + 0.5 - centre) / support))
            }
            let sum = weights.reduce(0, +)
            return Taps(first: first, weights: weights.map { Float($0 / sum) })
        }
    }
}

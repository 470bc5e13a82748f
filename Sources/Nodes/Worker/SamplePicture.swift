import Foundation

/// A sample as a picture of 8-bit pixels: black is the least of its values, or 0 if none is negative.
struct SamplePicture {
    let channels: Int
    let height: Int
    let width: Int
    /// channels x height x width.
    let pixels: Data

    /// Longer sides are made shorter, so that a few dozen pictures fit in a message.
    static let largestSide = 64

    /// Nil if the values are no picture of this shape, `[1 or 3, height, width]`.
    init?(_ values: [Float], shape: [Int]) {
        guard shape.count == 3, shape[0] == 1 || shape[0] == 3, shape.reduce(1, *) == values.count, !values.isEmpty
        else { return nil }
        channels = shape[0]
        // Every so many pixels in both directions become one, their mean.
        let step = (max(shape[1], shape[2]) + Self.largestSide - 1) / Self.largestSide
        height = (shape[1] + step - 1) / step
        width = (shape[2] + step - 1) / step
        let low = min(0, values.min() ?? 0)
        let span = max((values.max() ?? 0) - low, .leastNormalMagnitude)
        var bytes: [UInt8] = []
        for channel in 0..<shape[0] {
            for row in stride(from: 0, to: shape[1], by: step) {
                for column in stride(from: 0, to: shape[2], by: step) {
                    var sum: Float = 0
                    var count: Float = 0
                    for y in row..<min(row + step, shape[1]) {
                        for x in column..<min(column + step, shape[2]) {
                            sum += values[(channel * shape[1] + y) * shape[2] + x]
                            count += 1
                        }
                    }
                    let share = (sum / count - low) / span
                    bytes.append(UInt8(max(0, min(255, (share.isFinite ? share : 0) * 255))))
                }
            }
        }
        pixels = Data(bytes)
    }
}

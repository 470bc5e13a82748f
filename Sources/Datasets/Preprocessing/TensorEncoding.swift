/// How the numbers of a sample without columns are normalised: in groups, such as the channels of a picture.
public struct TensorEncoding: Codable, Sendable, Equatable {
    /// Of one sample, without the rows.
    public var shape: [Int]
    /// Neighbouring numbers that belong to one group; groups follow each other and then begin anew.
    public var groupLength: Int
    /// Of each group: input = (raw - offset) / scale.
    public var offsets: [Double]
    public var scales: [Double]
    /// The numbers are bytes, as those of pictures are; nil: an earlier version did not write it down.
    public var isOfBytes: Bool?

    public init(shape: [Int], groupLength: Int, offsets: [Double], scales: [Double], isOfBytes: Bool? = nil) {
        self.shape = shape
        self.groupLength = groupLength
        self.offsets = offsets
        self.scales = scales
        self.isOfBytes = isOfBytes
    }

    /// Numbers of one sample.
    public var count: Int { shape.reduce(1, *) }

    /// A picture has a group per channel, anything else one per number.
    static func groups(of shape: [Int]) -> (count: Int, length: Int) {
        shape.count == 3 ? (shape[0], shape[1] * shape[2]) : (shape.reduce(1, *), 1)
    }

    var isSound: Bool {
        var count = 1
        for side in shape {
            guard side >= 1, case let (product, overflow) = count.multipliedReportingOverflow(by: side), !overflow,
                product <= Preprocessing.maximumCount
            else { return false }
            count = product
        }
        return groupLength >= 1 && !offsets.isEmpty && offsets.count == scales.count
    }

    /// In `Double`, rounded once.
    func encode(_ raw: UnsafePointer<Float>, rows: Int, into inputs: UnsafeMutablePointer<Float>) {
        let count = count
        guard offsets.contains(where: { $0 != 0 }) || scales.contains(where: { $0 != 1 }) else {
            inputs.update(from: raw, count: rows * count)
            return
        }
        offsets.withUnsafeBufferPointer { offsets in
            scales.withUnsafeBufferPointer { scales in
                for row in 0..<rows {
                    let (raw, inputs) = (raw + row * count, inputs + row * count)
                    var group = 0
                    var start = 0
                    while start < count {
                        let (offset, scale) = (offsets[group], scales[group])
                        for index in start..<min(start + groupLength, count) {
                            inputs[index] = Float((Double(raw[index]) - offset) / scale)
                        }
                        start += groupLength
                        group = group + 1 == offsets.count ? 0 : group + 1
                    }
                }
            }
        }
    }
}

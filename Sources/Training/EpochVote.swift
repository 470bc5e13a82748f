/// What each rank tells the others at the end of an epoch.
struct EpochVote: Equatable {
    var isReady: Bool
    /// Summed over the rows of each of the rank's slices, in slice order.
    var validationLosses: [Double]

    init(isReady: Bool, validationLosses: [Double]) {
        self.isReady = isReady
        self.validationLosses = validationLosses
    }

    func encoded() -> [UInt8] {
        [isReady ? 1 : 0] + validationLosses.encoded()
    }

    init(decoding bytes: [UInt8]) throws {
        guard let first = bytes.first, let losses = [Double](decoding: bytes.dropFirst()) else {
            throw TrainingError.ranksDisagree(what: "the form of the end-of-epoch message")
        }
        isReady = first == 1
        validationLosses = losses
    }
}

extension [Double] {
    /// Eight bytes each, little-endian.
    func encoded() -> [UInt8] {
        flatMap { value in (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt64($0))) } }
    }

    /// Nil unless the length is a multiple of eight.
    init?(decoding bytes: some Collection<UInt8>) {
        guard bytes.count.isMultiple(of: 8) else { return nil }
        var bits: UInt64 = 0
        self = []
        for (index, byte) in bytes.enumerated() {
            bits |= UInt64(byte) << (8 * UInt64(index % 8))
            if index % 8 == 7 {
                append(Double(bitPattern: bits))
                bits = 0
            }
        }
    }
}

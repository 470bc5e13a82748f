/// Calls `body` with mutations of `seed`: bits flipped, bytes replaced by extremes, runs cut out, doubled or cut off.
/// The same mutations in every run.
func fuzz(_ seed: [UInt8], rounds: Int, _ body: ([UInt8]) throws -> Void) rethrows {
    var random = FuzzRandom(state: UInt64(seed.count))
    for _ in 0..<rounds {
        var bytes = seed
        for _ in 0...random.below(4) where !bytes.isEmpty {
            let place = random.below(bytes.count)
            let end = min(bytes.count, place + 1 + random.below(8))
            switch random.below(6) {
            case 0: bytes[place] ^= 1 << UInt8(random.below(8))
            case 1: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF, 0x22, 0x2C, 0x0A][random.below(8)]
            case 2: bytes.removeSubrange(place..<end)
            case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
            case 4: bytes.removeLast(bytes.count - place)
            default: for index in place..<end { bytes[index] = 0xFF }
            }
        }
        try body(bytes)
    }
}

/// The same numbers in every run.
struct FuzzRandom {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }
}

@testable import Datasets
import Testing

@Suite struct AugmenterTests {
    private let samples = Samples(
        rows: 4, featureCount: 12, features: (0..<48).map(Float.init), targets: [0, 1, 2, 3])

    private func apply(
        _ augmentation: Augmentation, shape: [Int] = [1, 3, 4], place: Int = 0, slice: Int = 0, epoch: Int = 0,
        seed: UInt64 = 7, mixesTargets: Bool = true
    ) -> (features: [Float], target: Float) {
        let augmenter = Augmenter(augmentation, shape: shape, mixesTargets: mixesTargets, seed: seed)
        var row = Array(samples.features[place * 12..<(place + 1) * 12])
        var target = [samples.targets[place]]
        augmenter.apply(to: &row, targets: &target, place: place, of: samples, slice: slice, epoch: epoch)
        return (row, target[0])
    }

    private let picture = (0..<12).map(Float.init)

    @Test func everyChangeIsOneOfThoseAskedFor() {
        let mirrored: [Float] = [3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8]
        let upsideDown: [Float] = [8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3]
        var seen: Set<[Float]> = []
        for epoch in 0..<40 { seen.insert(apply(Augmentation(flipHorizontally: true), epoch: epoch).features) }
        #expect(seen == [picture, mirrored])
        seen = []
        for epoch in 0..<40 { seen.insert(apply(Augmentation(flipVertically: true), epoch: epoch).features) }
        #expect(seen == [picture, upsideDown])
        seen = []
        for epoch in 0..<200 { seen.insert(apply(Augmentation(crop: 1), epoch: epoch).features) }
        #expect(seen.count == 9 && seen.contains(picture))
        #expect(seen.contains([1, 2, 3, 3, 5, 6, 7, 7, 9, 10, 11, 11]))
        #expect(apply(Augmentation()).features == picture)
    }

    @Test func turningAndNoise() {
        var changed = 0
        for epoch in 0..<50 {
            let turned = apply(Augmentation(rotation: 30), epoch: epoch).features
            #expect(turned.allSatisfy { (0...11).contains($0) })
            #expect(abs(turned[5] + turned[6] - 11) < 1e-4)
            if turned != picture { changed += 1 }
        }
        #expect(changed == 50)
        var sum: Float = 0
        var squares: Float = 0
        for epoch in 0..<500 {
            for (a, b) in zip(apply(Augmentation(noise: 0.5), epoch: epoch).features, picture) {
                sum += a - b
                squares += (a - b) * (a - b)
            }
        }
        #expect(abs(sum / 6000) < 0.03 && abs(squares / 6000 - 0.25) < 0.02)
    }

    @Test func mixing() {
        for epoch in 0..<50 {
            let (features, target) = apply(Augmentation(mixup: 0.4), place: 1, epoch: epoch)
            // Features are 12 x place + index, so the share shows in both.
            let shift = (features[0] - 12) / 12
            #expect(abs(shift - (target - 1)) < 1e-4 && abs(shift) <= 1.0001)
            #expect(apply(Augmentation(mixup: 0.4), place: 1, epoch: epoch, mixesTargets: false).target == 1)
        }
    }

    /// A function of seed, epoch, slice and place, and of nothing that came before.
    @Test func theSameOnAnyNumberOfWorkers() {
        let all = Augmentation(flipHorizontally: true, crop: 1, rotation: 20, noise: 0.1, mixup: 0.2)
        let one = apply(all, place: 2, slice: 3, epoch: 5)
        #expect(apply(all, place: 2, slice: 3, epoch: 5) == one)
        for other in [
            apply(all, place: 3, slice: 3, epoch: 5), apply(all, place: 2, slice: 2, epoch: 5),
            apply(all, place: 2, slice: 3, epoch: 6), apply(all, place: 2, slice: 3, epoch: 5, seed: 8),
        ] { #expect(other != one) }
    }

    /// Written down so that a change of the numbers, and with it of every result, cannot go unnoticed.
    @Test func theNumbersNeverChange() {
        var random = SampleRandom(seed: 7, epoch: 1, slice: 2, place: 3)
        #expect([random.next(), random.next()] == [3_315_457_331_153_283_786, 17_067_771_339_523_138_273])
    }
}

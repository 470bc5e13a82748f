#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

/// Changes the samples of a batch as a job asks for it.
///
/// What happens to a sample is a function of the seed, the epoch, its slice and its place in the slice's shard, which
/// are the same on any number of workers. Holds room for one sample, so that filling a batch allocates nothing; used by
/// one thread at a time.
public final class Augmenter {
    private let augmentation: Augmentation
    private let seed: UInt64
    private let channels: Int
    private let height: Int
    private let width: Int
    private let mixesTargets: Bool
    private let scratch: UnsafeMutableBufferPointer<Float>

    /// - Parameters:
    ///   - shape: of a sample; `[channels, height, width]` for what moves pixels.
    ///   - mixesTargets: whether targets are numbers, which `mixup` can mix; the class of a mixed sample is that of the
    ///     larger share.
    public init(_ augmentation: Augmentation, shape: [Int], mixesTargets: Bool, seed: UInt64) {
        self.augmentation = augmentation
        self.seed = seed
        self.mixesTargets = mixesTargets
        let isPicture = shape.count == 3
        channels = isPicture ? shape[0] : 1
        height = isPicture ? shape[1] : 1
        width = isPicture ? shape[2] : shape.reduce(1, *)
        scratch = .allocate(capacity: channels * height * width)
    }

    deinit {
        scratch.deallocate()
    }

    /// Changes one row of a batch in place. `place` is that of the sample in `samples`, the shard of `slice`.
    public func apply(
        to features: UnsafeMutablePointer<Float>, targets: UnsafeMutablePointer<Float>, place: Int,
        of samples: Samples, slice: Int, epoch: Int
    ) {
        var random = SampleRandom(seed: seed, epoch: epoch, slice: slice, place: place)
        // Each change draws its numbers whether it is asked for or not, so that one more does not alter the others.
        let isFlippedHorizontally = random.uniform() < 0.5 && augmentation.flipHorizontally
        let isFlippedVertically = random.uniform() < 0.5 && augmentation.flipVertically
        let down = random.integer(within: augmentation.crop)
        let right = random.integer(within: augmentation.crop)
        let angle = (random.uniform() * 2 - 1) * augmentation.rotation * Double.pi / 180
        let partner = samples.rows > 0 ? Int(random.next() % UInt64(samples.rows)) : place

        if isFlippedHorizontally { mirrorRows(features) }
        if isFlippedVertically { mirrorColumns(features) }
        if down != 0 || right != 0 { shift(features, down: down, right: right) }
        if augmentation.rotation > 0 { rotate(features, by: angle) }
        if augmentation.mixup > 0 {
            mix(features, targets, with: partner, of: samples, share: random.beta(augmentation.mixup))
        }
        if augmentation.noise > 0 {
            for index in 0..<scratch.count {
                features[index] += Float(augmentation.noise * random.normal())
            }
        }
    }

    private func mirrorRows(_ picture: UnsafeMutablePointer<Float>) {
        for row in 0..<channels * height {
            let line = picture + row * width
            for column in 0..<width / 2 {
                (line[column], line[width - 1 - column]) = (line[width - 1 - column], line[column])
            }
        }
    }

    private func mirrorColumns(_ picture: UnsafeMutablePointer<Float>) {
        for channel in 0..<channels {
            let plane = picture + channel * height * width
            for row in 0..<height / 2 {
                for column in 0..<width {
                    let other = (height - 1 - row) * width + column
                    (plane[row * width + column], plane[other]) = (plane[other], plane[row * width + column])
                }
            }
        }
    }

    /// What comes in from outside repeats the nearest pixel, here and in `rotate`: unlike black it is a likely value
    /// whatever the normalisation.
    private func shift(_ picture: UnsafeMutablePointer<Float>, down: Int, right: Int) {
        for channel in 0..<channels {
            for row in 0..<height {
                let from = (channel * height + min(max(row - down, 0), height - 1)) * width
                let into = (channel * height + row) * width
                for column in 0..<width {
                    scratch[into + column] = picture[from + min(max(column - right, 0), width - 1)]
                }
            }
        }
        picture.update(from: scratch.baseAddress!, count: scratch.count)
    }

    /// Around the centre, counter-clockwise as the picture is seen, with bilinear interpolation.
    private func rotate(_ picture: UnsafeMutablePointer<Float>, by angle: Double) {
        let (sine, cosine) = (sin(angle), cos(angle))
        let (centreY, centreX) = (Double(height - 1) / 2, Double(width - 1) / 2)
        for row in 0..<height {
            for column in 0..<width {
                let (y, x) = (Double(row) - centreY, Double(column) - centreX)
                let fromX = min(max(centreX + x * cosine - y * sine, 0), Double(width - 1))
                let fromY = min(max(centreY + x * sine + y * cosine, 0), Double(height - 1))
                let (left, top) = (Int(fromX), Int(fromY))
                let (right, bottom) = (min(left + 1, width - 1), min(top + 1, height - 1))
                let (partX, partY) = (Float(fromX - Double(left)), Float(fromY - Double(top)))
                for channel in 0..<channels {
                    let plane = picture + channel * height * width
                    let upper = plane[top * width + left] * (1 - partX) + plane[top * width + right] * partX
                    let lower = plane[bottom * width + left] * (1 - partX) + plane[bottom * width + right] * partX
                    scratch[(channel * height + row) * width + column] = upper * (1 - partY) + lower * partY
                }
            }
        }
        picture.update(from: scratch.baseAddress!, count: scratch.count)
    }

    /// Mixup (Zhang et al., 2018) with the larger share left to the sample itself. The partner comes from the same shard
    /// and is taken as it is.
    private func mix(
        _ features: UnsafeMutablePointer<Float>, _ targets: UnsafeMutablePointer<Float>, with partner: Int,
        of samples: Samples, share: Double
    ) {
        let share = Float(max(share, 1 - share))
        samples.features.withUnsafeBufferPointer { all in
            let other = all.baseAddress! + partner * samples.featureCount
            for index in 0..<samples.featureCount {
                features[index] = share * features[index] + (1 - share) * other[index]
            }
        }
        guard mixesTargets else { return }
        for index in 0..<samples.targetCount {
            let other = samples.targets[partner * samples.targetCount + index]
            targets[index] = share * targets[index] + (1 - share) * other
        }
    }
}

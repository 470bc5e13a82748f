import CKernels
import Testing

@testable import Tensors

struct NormalizationKernelTests {
    let compare = KernelComparison(tolerance: 1e-4)

    @Test(arguments: [(1, 1, 1), (7, 5, 1), (9, 33, 1), (3, 2, 5), (4, 3, 49), (2, 17, 16)])
    func batches(_ rows: Int, _ channels: Int, _ spatial: Int) throws {
        let count = rows * channels * spatial
        let x = randomValues(count, low: 2, high: 5), slopes = randomValues(count, stream: 1)
        let gamma = randomValues(channels, stream: 2), beta = randomValues(channels, stream: 3)
        try compare(length: 2 * channels) { table, target in
            table.batch_statistics(x, target, target + channels, rows, channels, spatial)
            return 0
        }
        let mean = randomValues(channels, stream: 4, low: 3, high: 4)
        let inverse = randomValues(channels, stream: 5, low: 0.5, high: 2)
        for activation in Activation.allCases.map(\.kernel) {
            try compare(length: 3 * count + 2 * channels) { table, target in
                let (dy, dgamma) = (target + count, target + 3 * count)
                dy.update(from: slopes, count: count)
                table.batch_norm_forward(
                    activation, x, mean, inverse, gamma, beta, target, rows, channels, spatial)
                table.batch_norm_slopes(
                    activation, x, target, dy, mean, inverse, dgamma, dgamma + channels, rows, channels, spatial)
                table.batch_norm_backward(
                    x, dy, mean, inverse, gamma, dgamma, dgamma + channels, target + 2 * count, rows, channels,
                    spatial)
                return 0
            }
        }
        try compare(length: count) { table, target in
            table.scale_channels(gamma, x, target, rows, channels, spatial)
            return 0
        }
    }

    @Test(
        arguments: [(1, 1, 1, 1), (5, 1, 33, 1), (3, 1, 64, 1), (4, 2, 3, 5), (2, 3, 2, 20), (3, 4, 5, 1)],
        [true, false])
    func groups(_ sizes: (rows: Int, groups: Int, channels: Int, spatial: Int), _ isCentered: Bool) throws {
        var groups = martlet_groups(
            groups: sizes.groups, channels: sizes.channels, spatial: sizes.spatial, centered: isCentered,
            epsilon: 1e-5)
        let channels = sizes.groups * sizes.channels
        let count = sizes.rows * channels * sizes.spatial
        let x = randomValues(count, low: 2, high: 5), slopes = randomValues(count, stream: 1)
        let gamma = randomValues(channels, stream: 2), beta = randomValues(channels, stream: 3)
        for (gamma, beta) in [(gamma, beta), (gamma, nil), (nil, nil)] as [([Float]?, [Float]?)] {
            let statistics = 2 * sizes.rows * sizes.groups
            try compare(length: 2 * count + statistics + 2 * channels) { table, target in
                let (dx, kept) = (target + count, target + 2 * count)
                let dgamma = kept + statistics
                table.group_norm_forward(&groups, x, gamma, beta, target, kept, sizes.rows)
                table.group_norm_backward(
                    &groups, x, slopes, gamma, kept, dx, gamma == nil ? nil : dgamma,
                    beta == nil ? nil : dgamma + channels, sizes.rows)
                return 0
            }
        }
    }
}

import NeuralNetworks
import Tensors
import Testing

@testable import Training

@Suite struct GradientBlocksTests {
    @Test(arguments: 1...9)
    func sharesBeginWithBlocksAndAreTheWhole(count: Int) throws {
        let network = try Network(
            ModelSpecification(
                family: .mlp, task: .classification, input: [50], outputs: 3,
                layers: [
                    .linear(outputs: 700, bias: true), .batchNorm, .relu, .linear(outputs: 300, bias: true), .relu,
                ]))
        let blocks = GradientBlocks(network.layout, learned: network.learnedRanges)
        let shares = blocks.shares(of: 0..<network.layout.count, count: count)
        #expect(shares.count == count)
        #expect(shares.flatMap { Array($0) } == Array(0..<network.layout.count))
        for share in shares where !share.isEmpty && share.lowerBound > 0 {
            #expect(blocks.ranges.contains { $0.lowerBound == share.lowerBound })
        }
        let sizes = shares.map { share in blocks.indices(in: share).reduce(0) { $0 + blocks.ranges[$1].count } }
        #expect(sizes.max()! <= network.layout.count / count + 2 * GradientBlocks.largest)
    }

    @Test func anEmptyRangeHasEmptyShares() {
        let blocks = GradientBlocks(ParameterLayout(), learned: [])
        #expect(blocks.shares(of: 3..<3, count: 2) == [3..<3, 3..<3])
    }
}

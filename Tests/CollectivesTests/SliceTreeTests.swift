import Testing

@testable import Collectives

@Suite struct SliceTreeTests {
    @Test func powersOfTwoSplitInTheMiddle() {
        #expect(SliceTree.children(of: 0..<4)! == (0..<2, 2..<4))
        #expect(SliceTree.children(of: 4..<5) == nil)
    }

    @Test func otherWidthsSplitAtTheLargestPowerOfTwoBelow() {
        #expect(SliceTree.children(of: 0..<3)! == (0..<2, 2..<3))
        #expect(SliceTree.children(of: 0..<6)! == (0..<4, 4..<6))
        #expect(SliceTree.children(of: 0..<9)! == (0..<8, 8..<9))
    }

    @Test func coverIsTheFewestNodes() {
        let tree = SliceTree(slices: 8)
        #expect(tree.cover(of: 0..<8) == [0..<8])
        #expect(tree.cover(of: 1..<7) == [1..<2, 2..<4, 4..<6, 6..<7])
        #expect(tree.cover(of: 4..<8) == [4..<8])
        #expect(tree.cover(of: 3..<3) == [])
    }

    @Test(arguments: 1...17, 1...17)
    func sharesAndTheirCoversAreExactlyTheSlices(slices: Int, ranks: Int) {
        let tree = SliceTree(slices: slices)
        let shares = tree.shares(ranks: ranks)
        #expect(shares.flatMap { Array($0) } == Array(0..<slices))
        #expect(shares.flatMap(tree.cover).flatMap { Array($0) } == Array(0..<slices))
    }
}

@Suite struct LocalReductionTests {
    /// Runs the program on the slices' own names instead of numbers, so the brackets show.
    func brackets(_ reduction: LocalReduction) -> [String] {
        var buffers = [String](repeating: "", count: reduction.bufferCount)
        for step in reduction.steps {
            buffers[step.buffer] = "\(step.slice)"
            for addition in step.additions {
                buffers[addition.into] = "(\(buffers[addition.into])+\(buffers[addition.from]))"
            }
        }
        return reduction.parts.map { buffers[$0.buffer] }
    }

    @Test func bracketsAreThoseOfTheTree() {
        #expect(brackets(LocalReduction(slices: 0..<4, of: SliceTree(slices: 4))) == ["((0+1)+(2+3))"])
        #expect(brackets(LocalReduction(slices: 1..<4, of: SliceTree(slices: 4))) == ["1", "(2+3)"])
        #expect(brackets(LocalReduction(slices: 0..<6, of: SliceTree(slices: 6))) == ["(((0+1)+(2+3))+(4+5))"])
    }

    @Test(arguments: 1...33)
    func buffersGrowWithTheLogarithm(slices: Int) {
        let reduction = LocalReduction(slices: 0..<slices, of: SliceTree(slices: slices))
        var logarithm = 0
        while 1 << logarithm < slices { logarithm += 1 }
        #expect(reduction.bufferCount <= logarithm + 1)
        #expect(reduction.steps.map(\.slice) == Array(0..<slices))
    }
}

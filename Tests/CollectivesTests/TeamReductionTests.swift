import Tensors
import Testing

@testable import Collectives

@Suite struct TeamReductionTests {
    @Test(arguments: 1...9)
    func oneThreadDoesWhatTheWorkerDid(slices: Int) {
        for share in SliceTree(slices: slices).shares(ranks: min(3, slices)) {
            let alone = LocalReduction(slices: share, of: SliceTree(slices: slices))
            let team = TeamReduction(slices: share, threads: 1, of: SliceTree(slices: slices))
            #expect(team.threads == [alone])
            #expect(team.parts == alone.parts)
            #expect(team.nodes == alone.parts.map(\.slices))
            #expect(team.bufferCount == alone.bufferCount)
            #expect((0..<alone.bufferCount).allSatisfy { team.buffer($0, ofThread: 0) == $0 })
        }
    }

    @Test(arguments: 1...9, 1...5)
    func everyBufferIsOneThreadsAndEveryNodeCanBeMade(slices: Int, threads: Int) {
        let tree = SliceTree(slices: slices)
        for share in tree.shares(ranks: min(2, slices)) {
            let team = TeamReduction(slices: share, threads: threads, of: tree)
            #expect(team.threads.count == min(threads, share.count))
            #expect(team.threads.flatMap { $0.steps.map(\.slice) } == Array(share))
            let numbers = team.threads.enumerated().flatMap { thread, reduction in
                (0..<reduction.bufferCount).map { team.buffer($0, ofThread: thread) }
            }
            #expect(numbers.sorted() == Array(0..<team.bufferCount))
            #expect(team.parts.flatMap { Array($0.slices) } == Array(share))
            #expect(team.parts.map(\.buffer).sorted() == Array(0..<team.parts.count))
            for (index, node) in team.nodes.enumerated() {
                #expect(team.parts.first { $0.slices.lowerBound == node.lowerBound }?.buffer == index)
            }
        }
    }

    /// Sums over the threads' parts have the brackets of the tree.
    @Test(arguments: 2...9, 2...4)
    func sumsHaveTheBracketsOfTheTree(slices: Int, threads: Int) {
        func value(_ slice: Int) -> Float { Float(1 + slice * slice) * 0.1 }
        func sum(_ node: Range<Int>) -> Float {
            SliceTree.children(of: node).map { sum($0) + sum($1) } ?? value(node.lowerBound)
        }
        let tree = SliceTree(slices: slices)
        let team = TeamReduction(slices: tree.root, threads: threads, of: tree)
        let buffers = team.parts.map { part in
            let buffer = FloatBuffer(count: 5000)
            buffer.pointer.update(repeating: sum(part.slices), count: buffer.count)
            return buffer
        }
        let root = BufferSum(tree.root) { node in
            team.parts.firstIndex { $0.slices == node }.map { buffers[$0] }
        }
        root.add(17..<4900, into: buffers[0].pointer)
        #expect((17..<4900).allSatisfy { buffers[0].pointer[$0] == sum(tree.root) })
        #expect(buffers[0].pointer[16] == sum(team.parts[0].slices))
        #expect(buffers[0].pointer[4900] == sum(team.parts[0].slices))
    }
}

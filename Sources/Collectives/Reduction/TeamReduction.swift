import Partitions

/// How the threads of one worker add up the gradients of its slices, over numbered buffers.
///
/// Terms: slices, nodes and cover as in `SliceTree`; buffers and parts as in `LocalReduction`. The worker's nodes are
/// the cover of its slices.
///
/// Steps:
/// 1. Each thread has a contiguous share of the slices and adds them up on its own, in buffers that no other thread
///    uses. It leaves the parts of its share.
/// 2. All wait for one another.
/// 3. Sums of the parts with the tree's brackets are the worker's nodes, or those of all workers: each thread adds up a
///    range of the elements (`BufferSum`). The n-th node belongs in buffer n, that of its first part.
///
/// Cost: for w slices, t threads and gradients of n elements a thread does fewer than ⌈w/t⌉ n additions before the wait
/// and at most (P-1)/t n after it, where P is the number of all parts; a buffer for each part, and for each thread
/// those that its own reduction needs besides. The bytes of the result are the same for any number of threads.
package struct TeamReduction: Sendable, Equatable {
    /// What each thread does, over numbers of its own.
    package let threads: [LocalReduction]
    /// The worker's nodes of the slice tree, from left to right. The n-th is to lie in buffer n.
    package let nodes: [Range<Int>]
    /// The nodes that all threads leave, from left to right, and their buffers. The first one of each of the worker's
    /// nodes has that node's buffer; all have lower numbers than the buffers that are scratch.
    package let parts: [LocalReduction.Part]
    package let bufferCount: Int
    /// By thread and by the thread's own number.
    private let numbers: [[Int]]

    /// - Parameter threads: at most this many; no thread is without a slice.
    package init(slices: Range<Int>, threads: Int, of tree: SliceTree) {
        let count = max(1, min(threads, slices.count))
        let nodes = tree.cover(of: slices)
        let reductions = slices.parts(count).map { LocalReduction(slices: $0, of: tree) }
        var next = nodes.count
        func take() -> Int {
            defer { next += 1 }
            return next
        }
        var numbers = reductions.map { reduction in
            reduction.parts.map { part in
                nodes.firstIndex { $0.lowerBound == part.slices.lowerBound } ?? take()
            }
        }
        parts = zip(reductions, numbers).flatMap { reduction, numbers in
            reduction.parts.map { LocalReduction.Part(slices: $0.slices, buffer: numbers[$0.buffer]) }
        }
        for (thread, reduction) in reductions.enumerated() {
            numbers[thread] += (reduction.parts.count..<reduction.bufferCount).map { _ in take() }
        }
        self.threads = reductions
        self.nodes = nodes
        self.numbers = numbers
        bufferCount = next
    }

    /// The worker's number of a thread's buffer.
    package func buffer(_ number: Int, ofThread thread: Int) -> Int { numbers[thread][number] }

    /// The buffer that a thread leaves a node in; nil if the node is not one that a thread leaves.
    package func buffer(of node: Range<Int>) -> Int? {
        parts.first { $0.slices == node }?.buffer
    }
}

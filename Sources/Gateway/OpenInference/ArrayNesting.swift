/// Where in a nested array of a known shape the reader stands. Every inner array must hold what the shape says.
struct ArrayNesting {
    private(set) var depth = 0
    /// At which depth the values stand: 1 for a flat array, the rank for a nested one; 0 before the first value.
    private var leafDepth = 0
    private let rank: Int
    /// Values in one array at each depth, from 1.
    private let sizes: [Int]
    /// Values read before the array now open at each depth.
    private var starts: [Int]

    init(shape: [Int]) {
        rank = shape.count
        var sizes = [Int](repeating: 1, count: shape.count + 1)
        for depth in stride(from: shape.count, to: 0, by: -1) {
            sizes[depth] = (depth == shape.count ? 1 : sizes[depth + 1]) * shape[depth - 1]
        }
        self.sizes = sizes
        starts = [Int](repeating: 0, count: shape.count + 1)
    }

    /// Steps into an array after `count` values. False where the shape has none there.
    @inline(__always)
    mutating func open(after count: Int) -> Bool {
        guard depth < (leafDepth == 0 ? rank : leafDepth) else { return false }
        depth += 1
        starts[depth] = count
        return true
    }

    /// Whether a value may stand here. The first one decides between flat and nested.
    @inline(__always)
    mutating func takeValue() -> Bool {
        if leafDepth == 0, depth == 1 || depth == rank { leafDepth = depth }
        return depth > 0 && depth == leafDepth
    }

    /// How many more values the array that is open may hold after `count` in all: never more than the tensor has left,
    /// however many arrays of the right size there are.
    @inline(__always)
    func room(after count: Int) -> Int {
        min(sizes[depth] - (count - starts[depth]), sizes[1] - count)
    }

    /// Steps out of an array after `count` values. False where it should have held another number of them.
    @inline(__always)
    mutating func close(after count: Int) -> Bool {
        let complete = count - starts[depth] == sizes[depth]
        depth -= 1
        return complete
    }
}

/// A sum of several ranges of the same length with its brackets: what floating-point addition needs to be reproducible.
package struct BracketedSum: Sendable, Equatable {
    package enum Operand: Sendable, Equatable {
        case leaf(Int)
        /// What an earlier addition left in this place of the scratch space.
        case slot(Int)
    }

    package struct Addition: Sendable, Equatable {
        package var left: Operand
        package var right: Operand
        /// Where the sum goes; the last addition's is the result of all.
        package var slot: Int
    }

    package private(set) var leaves: [Plan.Place] = []
    /// In the order in which they are done; none when there is one leaf.
    package var additions: [Addition] = []
    /// Intermediate sums that exist at the same time.
    package private(set) var slotCount = 0
    private var freeSlots: [Int] = []

    /// The sum of a node of the slice tree, from the nodes that somebody has already added up.
    /// - Parameter leaf: where the sum of a node lies; nil where it must be made of its halves.
    package init(_ node: Range<Int>, leaf: (Range<Int>) -> Plan.Place?) {
        _ = add(node, leaf)
    }

    /// The sum from left to right.
    package init(inOrder places: [Plan.Place]) {
        precondition(!places.isEmpty, "a sum has at least one operand")
        leaves = places
        var sum = Operand.leaf(0)
        for index in places.indices.dropFirst() { sum = append(sum, .leaf(index)) }
    }

    private mutating func add(_ node: Range<Int>, _ leaf: (Range<Int>) -> Plan.Place?) -> Operand {
        if let place = leaf(node) {
            leaves.append(place)
            return .leaf(leaves.count - 1)
        }
        guard let (left, right) = SliceTree.children(of: node) else {
            preconditionFailure("no rank has slice \(node.lowerBound)")
        }
        let leftSum = add(left, leaf)
        return append(leftSum, add(right, leaf))
    }

    private mutating func append(_ left: Operand, _ right: Operand) -> Operand {
        for case .slot(let slot) in [left, right] { freeSlots.append(slot) }
        let slot = freeSlots.popLast() ?? slotCount
        slotCount = max(slotCount, slot + 1)
        additions.append(Addition(left: left, right: right, slot: slot))
        return .slot(slot)
    }
}

import DequeModule

/// What waits in lanes that take turns: however much there is in one lane, the others go on as if it were empty. Each
/// lane is bounded, and so is what one sender may have waiting in it. A value; `LaneInbox` is its shell.
package struct Lanes<Lane: Hashable & CaseIterable & Sendable, Element: Sendable>: Sendable {
    /// What may wait in one lane.
    package struct Limits: Sendable {
        package var elements: Int
        /// Of one sender.
        package var ofSender: Int

        package init(elements: Int, ofSender: Int) {
            self.elements = elements
            self.ofSender = ofSender
        }
    }

    private struct Waiting: Sendable {
        var elements: Deque<(element: Element, sender: String?)> = []
        /// Of each sender that has something waiting.
        var counts: [String: Int] = [:]
    }

    private let limits: Limits
    private var lanes: [Waiting]
    private var turn = 0

    package init(limits: Limits) {
        self.limits = limits
        lanes = Lane.allCases.map { _ in Waiting() }
    }

    /// Queues an element of a sender; false if there is no room: then nothing was queued.
    package mutating func offer(_ element: Element, in lane: Lane, from sender: String) -> Bool {
        let index = Self.index(of: lane)
        let count = lanes[index].counts[sender, default: 0]
        guard lanes[index].elements.count < limits.elements, count < limits.ofSender else { return false }
        lanes[index].counts[sender] = count + 1
        lanes[index].elements.append((element, sender))
        return true
    }

    /// Queues what is bounded elsewhere.
    package mutating func put(_ element: Element, in lane: Lane) {
        lanes[Self.index(of: lane)].elements.append((element, nil))
    }

    /// The oldest element of the lane whose turn it is; nil when nothing waits.
    package mutating func next() -> Element? {
        for step in lanes.indices {
            let index = (turn + step) % lanes.count
            guard let (element, sender) = lanes[index].elements.popFirst() else { continue }
            if let sender {
                let count = lanes[index].counts[sender, default: 1] - 1
                lanes[index].counts[sender] = count > 0 ? count : nil
            }
            turn = (index + 1) % lanes.count
            return element
        }
        return nil
    }

    package func count(of lane: Lane) -> Int {
        lanes[Self.index(of: lane)].elements.count
    }

    private static func index(of lane: Lane) -> Int {
        Array(Lane.allCases).firstIndex(of: lane)!
    }
}

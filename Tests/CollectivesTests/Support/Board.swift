import Synchronization

/// Where ranks write down how far they have come.
final class Board: Sendable {
    private let lines: Mutex<[Int]>

    init(ranks: Int) {
        lines = Mutex(Array(repeating: 0, count: ranks))
    }

    func come(_ rank: Int, _ round: Int) { lines.withLock { $0[rank] = round } }

    func rounds() -> [Int] { lines.withLock { $0 } }
}

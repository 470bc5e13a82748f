/// Where things lie in the memory of a host's ranks: a word that ends the group, a word that each rank sleeps on, a
/// progress record for each rank and lane, then one area of floats for each rank.
struct SharedLayout: Equatable {
    /// Operations under way at once. The next one takes the lane of the oldest, which is completed first.
    static let lanes = 16
    static let textByteCount = 192

    private static let cacheLine = 64
    private static let page = 4096
    private static let recordByteCount = cacheLine + textByteCount

    let ranks: Int
    let floatsPerRank: Int

    /// 1 + the rank that ended the group; 0 while it lives.
    var failure: Int { 1 * Self.cacheLine }

    /// What a rank sleeps on: 1 + the place of the rank that it waits for; 0 while it is awake.
    func sleeper(_ rank: Int) -> Int { (2 + rank) * Self.cacheLine }
    /// The core on which a rank was when it last arrived somewhere.
    func core(_ rank: Int) -> Int { sleeper(rank) + 4 }

    /// Of a rank in a lane: its progress, the signature of its operation, the length of its text; the text is one
    /// cache line on.
    func record(_ rank: Int, lane: Int) -> Int {
        sleeper(ranks) + (lane * ranks + rank) * Self.recordByteCount
    }

    func text(_ rank: Int, lane: Int) -> Int { record(rank, lane: lane) + Self.cacheLine }

    func floats(_ rank: Int) -> Int {
        let first = (record(0, lane: Self.lanes) + Self.page - 1) / Self.page * Self.page
        let bytes = (4 * floatsPerRank + Self.page - 1) / Self.page * Self.page
        return first + rank * bytes
    }

    var byteCount: Int { floats(ranks) }
}

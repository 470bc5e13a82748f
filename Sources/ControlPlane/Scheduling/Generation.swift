package import JobProtocol

/// One set of workers that train a job together, until the job ends or one of them is lost.
package struct Generation: Codable, Sendable, Equatable {
    package typealias Member = GenerationMember

    /// A running generation that a restarted coordinator found in its store, and who has not come back yet.
    package struct Adoption: Codable, Sendable, Equatable {
        @InOrder package var missing: Set<String>
        package var deadline: ContinuousClock.Instant
    }

    /// Rank 0 has the result; the manifest is being written.
    package struct Finishing: Codable, Sendable, Equatable {
        package var result: GenerationFinished
        package var request: RequestID?
    }

    /// Unique in the cluster, not only in the job: it names the collective group on the wire.
    package let number: UInt64
    /// In rank order.
    package let members: [Member]
    package var adoption: Adoption?
    package var round: CheckpointRound?
    package var finishing: Finishing?

    package init(number: UInt64, members: [Member], adoption: Adoption? = nil) {
        self.number = number
        self.members = members
        self.adoption = adoption
    }

    package func rank(of name: String) -> Int? {
        members.firstIndex { $0.name == name }
    }

    /// Whether the loss of this node is the end of the generation. Once rank 0 has the result it no longer is.
    package func stillNeeds(_ name: String) -> Bool {
        finishing == nil && rank(of: name) != nil
    }

    /// Cuts `count` slices into one contiguous part for each of `world` ranks, none longer than another by more than
    /// one. Needs `1 <= world <= count`.
    package static func parts(ofSlices count: Int, world: Int) -> [Range<Int>] {
        (0..<world).map { rank in rank * count / world..<(rank + 1) * count / world }
    }
}

/// A worker in a generation, by the process that it was at its start, and the slices that are its share.
package struct GenerationMember: Codable, Sendable, Equatable {
    package var name: String
    package var incarnation: UInt64
    package var endpoint: String
    package var slices: Range<Int>

    package init(name: String, incarnation: UInt64, endpoint: String, slices: Range<Int>) {
        self.name = name
        self.incarnation = incarnation
        self.endpoint = endpoint
        self.slices = slices
    }
}

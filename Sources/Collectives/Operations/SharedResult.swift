/// Where an all-reduce in shared memory leaves the sum, by the numbers of the ranks' shared buffers.
package enum SharedResult: Sendable, Equatable {
    /// Once, in this buffer of the host's first rank, where all read it.
    case common(buffer: Int)
    /// In this buffer of every rank: in place, if it is one of the inputs.
    case everywhere(buffer: Int)

    package func places(for layout: GroupLayout, _ elements: Range<Int>) -> [Plan.Place] {
        switch self {
        case .common(let buffer): [.init(.shared(rank: layout.neighbours[0], buffer: buffer), elements)]
        case .everywhere(let buffer): layout.neighbours.map { .init(.shared(rank: $0, buffer: buffer), elements) }
        }
    }
}

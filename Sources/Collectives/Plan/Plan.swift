/// What one rank sends, receives and adds in one collective operation, as data: tests read, count and alter it,
/// `CollectiveOperation` runs it.
///
/// A plan is a list of stages, which follow one another. The strands of a stage are independent: each goes on as soon
/// as the frame it waits for is here, whatever order frames arrive in. What is added to what is fixed by the steps and
/// never by the order of arrival.
package struct Plan: Sendable, Equatable {
    package typealias Strand = [Step]

    package enum Buffer: Sendable, Hashable {
        /// What this rank gives; a rank that computed several nodes of the slice tree gives several.
        case input(Int)
        case output
        /// Room of the operation's own.
        case scratch
        /// A frame as it was received.
        case frame(Int)
        /// A buffer in the memory that the ranks of one host share.
        case shared(rank: Int, buffer: Int)
    }

    /// A range of floats.
    package struct Place: Sendable, Hashable {
        package var buffer: Buffer
        package var elements: Range<Int>

        package init(_ buffer: Buffer, _ elements: Range<Int>) {
            self.buffer = buffer
            self.elements = elements
        }
    }

    /// One frame between two ranks. Phase, segment and part tell the frames of one operation apart.
    package struct Message: Sendable, Hashable {
        package var peer: Int
        package var phase: Int
        package var segment: Int
        package var part: Int

        package init(_ peer: Int, phase: Int, segment: Int = 0, part: Int = 0) {
            self.peer = peer
            self.phase = phase
            self.segment = segment
            self.part = part
        }
    }

    package enum Step: Sendable, Equatable {
        case send(Message, from: Place)
        /// Into `.frame` the bytes stay where they arrived; elsewhere they are copied.
        case receive(Message, into: Place)
        case sum(BracketedSum, into: [Place])
        case copy(Place, into: Place)
        /// Copies with the precision of the wire, so that who sends a number and who receives it add the same.
        case round(Place, into: Place)
        /// Waits until everything that was sent has left this process's memory.
        case flush
        /// Tells the ranks of this host that this rank has come to this point.
        case arrive(Int)
        /// Waits until ranks of this host have come to this point.
        case await(Int, from: [Int])
    }

    package var stages: [[Strand]]
    /// Floats of scratch space.
    package var scratchCount: Int
    /// Frames that are kept until they are added up, each in one sum.
    package var frameCount: Int
    /// Whether an input may be overwritten before what was sent of it has left, if input and output are the same
    /// memory. Elsewhere what is written in a place depends on what was sent from it.
    package var overwritesInputs = false

    package init(stages: [[Strand]], scratchCount: Int = 0, frameCount: Int = 0) {
        self.stages = Self.compact(stages)
        self.scratchCount = scratchCount
        self.frameCount = frameCount
    }

    /// Without strands and stages that do nothing.
    private static func compact(_ stages: [[Strand]]) -> [[Strand]] {
        stages.map { $0.filter { !$0.isEmpty } }.filter { !$0.isEmpty }
    }

    package var steps: [Step] { stages.flatMap { $0.flatMap { $0 } } }
}

import Foundation
import Messaging
import Tensors
import Wire

/// Runs a plan on one rank, as often as wanted. The only place where plans meet frames and memory.
///
/// Buffers belong to the operation from `start` until `advance` has returned true; from then on they may be changed at
/// once: whatever was sent without a copy has left.
package final class CollectiveOperation {
    let group: ProcessGroup
    package let collective: Collective
    let buffers: CollectiveBuffers
    private let adder: BlockedAdder
    private let scratch: FloatBuffer
    private let loans = Loans()
    private let copiesInputs: Bool

    private var number: UInt64 = 0
    private var ticket: SharedMemory.Ticket?
    private var stage = 0
    /// The next step of each strand of the stage.
    private var cursors: [Int] = []
    private var unfinished = 0
    /// Strands that wait for a frame.
    private var waitingForFrames: [ArrivedFrames.Key: Int] = [:]
    /// Frames that came before the step that takes them.
    private var early: [ArrivedFrames.Key: Frame] = [:]
    /// Strands that wait for something else.
    private var blocked: [Int] = []
    /// Those among them that are being looked at again.
    private var resumed: [Int] = []
    /// Steps done since the start.
    private var progress = 0
    private var frames: [Frame?]

    package init(_ collective: Collective, in group: ProcessGroup, _ buffers: CollectiveBuffers) {
        self.collective = collective
        self.group = group
        self.buffers = buffers
        scratch = FloatBuffer(count: collective.plan.scratchCount)
        frames = Array(repeating: nil, count: collective.plan.frameCount)
        adder = BlockedAdder(for: collective.plan)
        copiesInputs =
            collective.plan.overwritesInputs && buffers.inputs.contains { $0.pointer == buffers.output?.pointer }
        stage = collective.plan.stages.count
    }

    /// Begins, as far as nobody has to be waited for. In shared memory, which has room for so many operations under way
    /// at once, the oldest is completed first where there is none left.
    package func start() throws {
        precondition(stage == collective.plan.stages.count, "the operation is still under way")
        number = try group.begin(signature: collective.signature, text: collective.text)
        if let memory = buffers.shared?.memory {
            _ = try memory.occupantOfNextLane?.advance(waiting: true)
            ticket = memory.enter(self, signature: collective.signature, text: collective.textBytes)
        }
        stage = 0
        early.removeAll(keepingCapacity: true)
        try beginStage()
    }

    /// Goes on as far as it can; with `waiting`, to the end.
    /// - Returns: whether the operation is complete.
    package func advance(waiting: Bool) throws -> Bool {
        while stage < collective.plan.stages.count {
            while unfinished > 0 {
                guard try step(waiting: waiting) else { return false }
            }
            stage += 1
            try beginStage()
        }
        if waiting { try flush() }
        return loans.areReturned
    }

    /// Runs to the end.
    package func run() throws {
        try start()
        _ = try advance(waiting: true)
    }

    /// Whether it has entered shared memory under this number and has not come to its end.
    func isUnderWay(as entry: UInt32) -> Bool {
        ticket?.number == entry && stage < collective.plan.stages.count
    }

    private func beginStage() throws {
        guard stage < collective.plan.stages.count else { return }
        let strands = collective.plan.stages[stage]
        cursors.removeAll(keepingCapacity: true)
        cursors.append(contentsOf: repeatElement(0, count: strands.count))
        unfinished = strands.count
        for strand in strands.indices { try proceed(strand) }
    }

    /// Lets those strands go on whose frames or peers have come. False when none has.
    private func step(waiting: Bool) throws -> Bool {
        if !waitingForFrames.isEmpty {
            let arrived = try group.receive(
                number, of: collective.text, waiting: waiting && blocked.isEmpty
            ) { waitingForFrames.keys.map(\.sender) }
            for (key, frame) in arrived {
                guard let strand = waitingForFrames.removeValue(forKey: key) else {
                    early[key] = frame
                    continue
                }
                try take(frame, strand)
                try proceed(strand)
            }
            if !arrived.isEmpty || blocked.isEmpty { return !arrived.isEmpty }
        }
        let before = progress
        swap(&blocked, &resumed)
        for strand in resumed {
            if waiting { try waitFor(strand) }
            try proceed(strand)
        }
        resumed.removeAll(keepingCapacity: true)
        return progress != before
    }

    /// Runs a strand until it ends or must wait.
    private func proceed(_ strand: Int) throws {
        let steps = collective.plan.stages[stage][strand]
        while cursors[strand] < steps.count {
            switch steps[cursors[strand]] {
            case .send(let message, let place): try send(message, from: place)
            case .receive(let message, _):
                let key = key(of: message)
                guard let frame = early.removeValue(forKey: key) else {
                    waitingForFrames[key] = strand
                    return
                }
                try take(frame, strand)
                continue
            case .sum(let sum, let targets):
                adder.add(sum, into: targets) { self.pointer($0) }
                // Nothing else reads them, and the next ones get their memory while it is in the cache.
                for case .frame(let index) in sum.leaves.lazy.map(\.buffer) { frames[index] = nil }
            case .copy(let source, let target):
                let (from, to) = (pointer(source), pointer(target))
                if from != to { to.update(from: from, count: source.elements.count) }
            case .round(let source, let target):
                WireFormat.round(pointer(source), into: pointer(target), count: source.elements.count)
            case .flush:
                guard loans.areReturned else { return blocked.append(strand) }
            case .arrive(let point):
                buffers.shared!.memory.arrive(point, of: ticket!)
            case .await(let point, let ranks):
                guard buffers.shared!.memory.hasArrived(point, of: ticket!, ranks: ranks) else {
                    return blocked.append(strand)
                }
                if point == 1 { try compareNotes() }
            }
            cursors[strand] += 1
            progress += 1
        }
        unfinished -= 1
    }
}

// MARK: Messages

extension CollectiveOperation {
    private func key(of message: Plan.Message) -> ArrivedFrames.Key {
        ArrivedFrames.Key(phase: message.phase, segment: message.segment, sender: message.peer, part: message.part)
    }

    private func send(_ message: Plan.Message, from place: Plan.Place) throws {
        let count = place.elements.count
        let start = pointer(place)
        let frame: Frame
        if count == 0 {
            frame = Frame(copying: [])
        } else if collective.wire == .bf16 {
            frame = Frame(count: 2 * count) {
                WireFormat.encode(start, into: $0.baseAddress!.assumingMemoryBound(to: UInt16.self), count: count)
            }
        } else {
            let bytes = UnsafeRawBufferPointer(start: start, count: 4 * count)
            if copiesInputs, case .input = place.buffer {
                frame = Frame(copying: bytes)
            } else {
                frame = Frame(owner: loans.lend(owner(of: place.buffer)), bytes: bytes)
            }
        }
        let segment = TensorSegment(
            group: group.id, operation: number, phase: UInt32(message.phase),
            segment: UInt32(truncatingIfNeeded: message.segment), sender: UInt32(group.rank),
            signature: collective.signature, part: UInt32(message.part), description: collective.text)
        try group.send(segment, frame, to: message.peer)
    }

    /// Ends the receive step that a strand waits in.
    private func take(_ frame: Frame, _ strand: Int) throws {
        guard case .receive(let message, let place) = collective.plan.stages[stage][strand][cursors[strand]] else {
            preconditionFailure("only a receive waits for a frame")
        }
        let count = place.elements.count
        guard frame.count == collective.wire.bytesPerElement * count else {
            throw CollectiveError.wrongLength(
                operation: collective.text, peer: group.name(message.peer),
                expected: collective.wire.bytesPerElement * count, got: frame.count)
        }
        switch (place.buffer, collective.wire) {
        case (.frame(let index), .f32): frames[index] = frame
        case (.frame(let index), .bf16):
            frames[index] = Frame(count: 4 * count) { decode(frame, $0.baseAddress!, count) }
        case (_, .f32) where count > 0:
            frame.withUnsafeBytes {
                UnsafeMutableRawPointer(pointer(place)).copyMemory(from: $0.baseAddress!, byteCount: $0.count)
            }
        case (_, .bf16) where count > 0: decode(frame, UnsafeMutableRawPointer(pointer(place)), count)
        default: break
        }
        cursors[strand] += 1
        progress += 1
    }

    private func decode(_ frame: Frame, _ target: UnsafeMutableRawPointer, _ count: Int) {
        frame.withUnsafeBytes {
            guard let base = $0.baseAddress else { return }
            WireFormat.decode(
                base.assumingMemoryBound(to: UInt16.self), into: target.assumingMemoryBound(to: Float.self),
                count: count)
        }
    }

    private func flush() throws {
        let deadline = ContinuousClock.now + group.tuning.timeout
        while !loans.wait(until: min(deadline, .now + .milliseconds(100))) {
            try group.check()
            guard .now < deadline else {
                let peers = (0..<group.size).filter { $0 != group.rank }.map(group.name)
                throw CollectiveError.timedOut(
                    operation: "sending \(collective.text)", missing: peers, after: group.tuning.timeout)
            }
        }
    }
}

// MARK: Shared memory

extension CollectiveOperation {
    /// Waits for what a strand waits for that is no frame.
    private func waitFor(_ strand: Int) throws {
        guard case .await(let point, let ranks) = collective.plan.stages[stage][strand][cursors[strand]] else {
            return try flush()
        }
        let outcome = buffers.shared!.memory.wait(
            point, of: ticket!, ranks: ranks, tuning: group.tuning
        ) { group.arrived.hasFailed }
        switch outcome {
        case .arrived: return
        case .timedOut(let missing):
            throw CollectiveError.timedOut(
                operation: collective.text, missing: missing.map(group.name), after: group.tuning.timeout)
        case .processEnded(let rank):
            let error = CollectiveError.peerEnded(operation: collective.text, peer: group.name(rank))
            group.fail(error)
            throw error
        case .failed(let rank):
            // The reason comes by message; shared memory is only faster.
            throw group.arrived.failure(until: .now + group.tuning.reasonTimeout)
                ?? .aborted(reason: "\(collective.text): \(group.name(rank)) has left the group")
        }
    }

    /// Whether the ranks of this host, which have all come, are in the same operation.
    private func compareNotes() throws {
        if let (rank, text) = buffers.shared!.memory.disagreement(with: collective.signature, of: ticket!) {
            throw group.disagree(collective.text, other: rank, text)
        }
    }
}

// MARK: Places

extension CollectiveOperation {
    private func pointer(_ place: Plan.Place) -> UnsafeMutablePointer<Float> {
        let first = place.elements.lowerBound
        switch place.buffer {
        case .input(let index): return buffers.inputs[index].pointer + buffers.offset + first
        case .output: return (buffers.output ?? scratch).pointer + (buffers.output == nil ? 0 : buffers.offset) + first
        case .scratch: return scratch.pointer + first
        case .frame(let index):
            return frames[index]!.withUnsafeBytes {
                UnsafeMutablePointer(mutating: $0.baseAddress?.assumingMemoryBound(to: Float.self)) ?? scratch.pointer
            } + first
        case .shared(let rank, let buffer):
            let shared = buffers.shared!
            return shared.memory.floats(ofRank: rank) + buffer * shared.stride + buffers.offset + first
        }
    }

    private func owner(of buffer: Plan.Buffer) -> any AnyObject & Sendable {
        switch buffer {
        case .input(let index): buffers.inputs[index]
        case .output: buffers.output ?? scratch
        case .scratch: scratch
        case .frame(let index): frames[index]!
        case .shared: buffers.shared!.memory
        }
    }
}

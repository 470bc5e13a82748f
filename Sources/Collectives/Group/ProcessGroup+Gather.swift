import Messaging
import Wire

extension ProcessGroup {
    /// What every rank gave, in rank order: metrics, votes, digests, scores; lengths may differ.
    ///
    /// Terms: p is the world size; a *piece* is at most `Tuning.gatherBytes` of what one rank gives.
    ///
    /// Steps: what is longer than a frame may be goes in pieces. In each round every rank sends one to every other and
    /// waits for theirs, so that no rank has more under way than the others have taken. Every piece says how many
    /// follow it; the ranks are done when no one has any left. Who has given everything goes on with empty pieces.
    ///
    /// Cost: one delay and p-1 messages a rank in each round, as many rounds as the longest has pieces, and p-1 times
    /// what a rank gives in bytes. This is for little: no algorithm has fewer delays, and each message is a copy.
    ///
    /// What fails: a `.timedOut` names just the ranks that did not send in a round, `.mismatch` those that gather
    /// another thing.
    package func allGather(_ bytes: [UInt8], named name: String) throws -> [[UInt8]] {
        guard size > 1 else { return [bytes] }
        var gathered = [[UInt8]](repeating: [], count: size)
        gathered[rank] = bytes
        var rest = bytes[...]
        var round = 1
        var isComplete = false
        while !isComplete {
            let piece = rest.prefix(tuning.gatherBytes)
            rest = rest.dropFirst(piece.count)
            let left = (rest.count + tuning.gatherBytes - 1) / tuning.gatherBytes
            isComplete = left == 0
            let what = round == 1 ? name : "\(name), round \(round)"
            for (sender, other) in try exchange(Array(piece), left: UInt32(clamping: left), what) {
                gathered[sender] += other.piece
                if other.left > 0 { isComplete = false }
            }
            round += 1
        }
        return gathered
    }

    /// One piece of every other rank, and how many that rank has left.
    private func exchange(
        _ piece: [UInt8], left: UInt32, _ name: String
    ) throws -> [Int: (piece: [UInt8], left: Int)] {
        let text = "all-gather of \(name)".cut(toUTF8: WireLimits.segmentDescription)
        let signature = Signature.of(Array(text.utf8))
        let operation = try begin(signature: signature, text: text)
        let frame = Frame(copying: piece)
        let peers = (0..<size).filter { $0 != rank }
        for peer in peers {
            let segment = TensorSegment(
                group: id, operation: operation, phase: 0, segment: 0, sender: UInt32(rank), signature: signature,
                part: left, description: text)
            try send(segment, frame, to: peer)
        }
        var pieces: [Int: (piece: [UInt8], left: Int)] = [:]
        var missing = Set(peers)
        while !missing.isEmpty {
            for (key, frame) in try receive(operation, of: text, waiting: true, missing: { Array(missing) }) {
                missing.remove(key.sender)
                pieces[key.sender] = (frame.bytes, key.part)
            }
        }
        return pieces
    }
}

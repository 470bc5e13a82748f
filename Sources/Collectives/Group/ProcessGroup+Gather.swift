import Messaging
import Wire

extension ProcessGroup {
    /// What every rank gave, in rank order. For small things: metrics, votes, digests; lengths may differ.
    package func allGather(_ bytes: [UInt8], named name: String) throws -> [[UInt8]] {
        let text = "all-gather of \(name)".cut(toUTF8: WireLimits.segmentDescription)
        let signature = Signature.of(Array(text.utf8))
        let operation = try begin(signature: signature, text: text)
        let frame = Frame(copying: bytes)
        let peers = (0..<size).filter { $0 != rank }
        for peer in peers {
            let segment = TensorSegment(
                group: id, operation: operation, phase: 0, segment: 0, sender: UInt32(rank), signature: signature,
                part: 0, description: text)
            try send(segment, frame, to: peer)
        }
        var gathered = [[UInt8]](repeating: [], count: size)
        gathered[rank] = bytes
        var missing = Set(peers)
        while !missing.isEmpty {
            for (key, frame) in try receive(operation, of: text, waiting: true, missing: { Array(missing) }) {
                missing.remove(key.sender)
                gathered[key.sender] = frame.bytes
            }
        }
        return gathered
    }
}

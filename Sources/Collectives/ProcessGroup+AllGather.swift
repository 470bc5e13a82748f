import Messaging
import Wire

extension ProcessGroup {
    /// What every rank gave, in rank order. For small things: metrics, votes, digests; lengths may differ.
    package func allGather(_ bytes: [UInt8], named name: String) throws -> [[UInt8]] {
        let operation = beginOperation()
        let signature = Signature.of(kind: Signature.allGather, count: 0)
        let frame = Frame(copying: bytes)
        let peers = (0..<size).filter { $0 != rank }
        for peer in peers {
            let segment = TensorSegment(
                group: id, operation: operation, phase: 0, segment: 0, sender: UInt32(rank), signature: signature,
                part: 0)
            try send(segment, frame, to: peer)
        }
        var gathered = [[UInt8]](repeating: [], count: size)
        gathered[rank] = bytes
        var missing = Set(
            peers.map { Inbox.Key(operation: operation, phase: 0, segment: 0, sender: $0, part: 0) })
        while !missing.isEmpty {
            let frames = try receive(missing, signature: signature, of: "all-gather of \(name)", waiting: true)
            for (key, frame) in frames {
                missing.remove(key)
                gathered[key.sender] = frame.withUnsafeBytes { Array($0) }
            }
        }
        return gathered
    }
}

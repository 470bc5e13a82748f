package import Digests
package import Wire

/// One valid envelope or more of every kind of body, with every field set: what tests compare and fuzzers mutate.
package enum EnvelopeSamples {
    package static let all: [Envelope] = bodies.enumerated().map { index, body in
        Envelope(
            body, messageID: UInt64(index) + 1, correlationID: index.isMultiple(of: 2) ? 0 : .max,
            timeout: .seconds(30),
            traceparent: index.isMultiple(of: 3) ? "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" : nil)
    }

    package static let digest = ContentDigest(of: [1, 2, 3])

    package static let bodies: [Envelope.Body] =
        [
            .acknowledgement,
            .join(
                Join(
                    name: "worker-0", role: .worker, incarnation: .max, endpoint: "tcp://127.0.0.1:7000",
                    version: "0.1.0", host: "node-a.example", processID: 4711, cores: 2, memoryBytes: 8 << 30,
                    clusterID: "local")),
            .joined(Joined(clusterID: "local", heartbeatInterval: .milliseconds(500))),
            .heartbeat(Heartbeat(incarnation: 1, cpuPercent: 99.5, residentBytes: 60 << 20)),
            .heartbeat(
                Heartbeat(
                    incarnation: 2, cpuPercent: 0, residentBytes: 0,
                    report: Document(kind: "worker", json: Array(#"{"step":1}"#.utf8)))),
            .heartbeatReply(HeartbeatReply(known: true)),
            .document(Document(kind: "assign", json: Array(#"{"job":"1","workers":["ä","b"]}"#.utf8))),
            .chunkRequest(ChunkRequest(digest: digest, offset: 1 << 40, length: 1 << 20)),
            .chunk(Chunk(digest: digest, offset: 1 << 20, total: 1 << 21)),
            .chunkUpload(ChunkUpload(upload: "job-1/3", digest: digest, offset: 5, total: 6)),
            .tensorSegment(
                TensorSegment(
                    group: 0xfeed_face_cafe_beef, operation: 12, phase: 1, segment: 63, sender: 3,
                    signature: 0xdead_beef, part: 2, description: "all-reduce of layers.0.weight, 10 x f32")),
            .inferRequest(
                InferRequest(
                    model: "digits", version: "3",
                    inputs: [
                        TensorDescription(name: "input", datatype: .fp32, shape: [8, 64]),
                        TensorDescription(name: "names", datatype: .bytes, shape: [8, 2]),
                        TensorDescription(name: "scalar", datatype: .int64, shape: []),
                    ], outputs: ["logits", "label"])),
            .inferResponse(
                InferResponse(
                    model: "digits", version: "3", digest: digest.description,
                    outputs: [TensorDescription(name: "logits", datatype: .fp32, shape: [8, 10])], queuedRows: 17)),
            .cancellation(Cancellation(messageID: 0xfeed_face)),
            .probe,
        ]
        + Failure.Code.allCases.map { .failure(Failure($0, "expected 64 features, got 63: send 64")) }
}

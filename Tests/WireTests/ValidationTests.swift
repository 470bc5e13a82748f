import Digests
import Testing
import Wire
import WireFuzzing

/// Every refusal names the field, what was expected and what came.
@Suite struct ValidationTests {
    private func refusedField(_ body: Envelope.Body) -> String? {
        do throws(WireError) {
            _ = try Envelope(body).encode()
            return nil
        } catch {
            guard case .invalid(let field, let expected, let got) = error, !expected.isEmpty, !got.isEmpty else {
                return nil
            }
            return field
        }
    }

    private func join(name: String = "worker-0", endpoint: String = "", host: String = "", clusterID: String = "")
        -> Envelope.Body
    {
        .join(
            Join(
                name: name, role: .worker, incarnation: 1, endpoint: endpoint, version: "1", host: host, processID: 1,
                cores: 1, memoryBytes: 1, clusterID: clusterID))
    }

    @Test(arguments: ["", "Worker", "a b", "../x", "worker_0", "é", String(repeating: "a", count: 64)])
    func nodeNames(name: String) {
        #expect(refusedField(join(name: name)) == "join.name")
    }

    @Test func lengths() {
        #expect(refusedField(join(endpoint: String(repeating: "e", count: 257))) == "join.endpoint")
        #expect(refusedField(join(host: String(repeating: "h", count: 256))) == "join.host")
        #expect(refusedField(join(clusterID: String(repeating: "c", count: 257))) == "join.cluster_id")
        #expect(refusedField(.document(Document(kind: "", json: []))) == "document.kind")
        #expect(
            refusedField(.chunkRequest(ChunkRequest(digest: EnvelopeSamples.digest, offset: 0, length: 0)))
                == "chunk_request.length")
    }

    @Test func ranges() {
        let digest = EnvelopeSamples.digest
        #expect(
            refusedField(.chunkRequest(ChunkRequest(digest: digest, offset: .max, length: 1))) == "chunk_request.offset"
        )
        #expect(refusedField(.chunk(Chunk(digest: digest, offset: 2, total: 1))) == "chunk.offset")
        #expect(
            refusedField(.chunkUpload(ChunkUpload(upload: "u", digest: digest, offset: 2, total: 1)))
                == "chunk_upload.offset")
        #expect(
            refusedField(.joined(Joined(clusterID: "c", heartbeatInterval: .zero))) == "joined.heartbeat_interval_ms")
        for percent in [-1, Float.nan, .infinity] {
            #expect(
                refusedField(.heartbeat(Heartbeat(incarnation: 1, cpuPercent: percent, residentBytes: 1)))
                    == "heartbeat.cpu_percent")
        }
    }

    @Test(arguments: [[Int.max, 2], [1 << 61, 1], [-1], Array(repeating: 1, count: 17)])
    func shapes(shape: [Int]) {
        let tensor = TensorDescription(name: "x", datatype: .fp32, shape: shape)
        #expect(refusedField(.inferRequest(InferRequest(model: "m", version: "", inputs: [tensor]))) != nil)
    }

    @Test func sizesOfTensors() {
        #expect(TensorDescription(name: "x", datatype: .fp32, shape: [3, 4]).byteCount == 48)
        #expect(TensorDescription(name: "x", datatype: .int64, shape: []).byteCount == 8)
        #expect(TensorDescription(name: "x", datatype: .fp64, shape: [0, 4]).byteCount == 0)
        #expect(TensorDescription(name: "x", datatype: .bytes, shape: [5]).byteCount == nil)
        #expect(TensorDescription(name: "x", datatype: .bytes, shape: [5, 2]).elementCount == 10)
    }

    @Test func tensorCounts() {
        let tensor = TensorDescription(name: "x", datatype: .fp32, shape: [1])
        let many = [TensorDescription](repeating: tensor, count: WireLimits.tensors + 1)
        #expect(
            refusedField(.inferRequest(InferRequest(model: "m", version: "", inputs: many))) == "infer_request.inputs")
    }

    @Test func answersNameTheirCheckpoint() {
        let response = InferResponse(model: "m", version: "1", digest: "abc", outputs: [], queuedRows: 0)
        #expect(refusedField(.inferResponse(response)) == "infer_response.digest")
    }

    @Test(arguments: [
        "", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    ])
    func traceparents(text: String) {
        #expect(throws: WireError.self) { try Envelope(.acknowledgement, traceparent: text).encode() }
    }

    private func refusedField(_ envelope: Envelope) -> String? {
        do throws(WireError) {
            _ = try envelope.encode()
            return nil
        } catch {
            guard case .invalid(let field, _, _) = error else { return nil }
            return field
        }
    }

    @Test func onlyRequestsGrantCredit() {
        let credit = StreamCredit(parts: 1, bytes: 1)
        #expect(refusedField(Envelope(.probe, messageID: 1, credit: credit)) == nil)
        #expect(refusedField(Envelope(.probe, credit: credit)) == "credit")
        #expect(refusedField(Envelope(.probe, messageID: 1, correlationID: 1, credit: credit)) == "credit")
        #expect(refusedField(Envelope(.probe, messageID: 1, credit: .zero)) == "credit")
        #expect(refusedField(Envelope(.probe, messageID: 1, credit: StreamCredit(parts: 0, bytes: 1))) == "credit")
    }

    @Test func creditIsBounded() {
        func granted(_ parts: Int, _ bytes: Int) -> String? {
            refusedField(.creditGrant(CreditGrant(messageID: 1, credit: StreamCredit(parts: parts, bytes: bytes))))
        }
        #expect(granted(WireLimits.creditParts, WireLimits.creditBytes) == nil)
        #expect(granted(WireLimits.creditParts + 1, 0) == "credit_grant.credit.parts")
        #expect(granted(-1, 0) == "credit_grant.credit.parts")
        #expect(granted(1, WireLimits.creditBytes + 1) == "credit_grant.credit.bytes")
        #expect(granted(1, -1) == "credit_grant.credit.bytes")
        #expect(refusedField(.creditGrant(CreditGrant(messageID: 0, credit: .zero))) == "credit_grant.message_id")
    }

    @Test func onlyAnswersAreParts() {
        let failure = Envelope.Body.failure(Failure(.internal, "no"))
        func part(_ body: Envelope.Body, of request: UInt64, _ sequence: UInt32, isLast: Bool) -> String? {
            refusedField(
                Envelope(
                    body, correlationID: request, position: StreamPosition(sequence: sequence, isLast: isLast)))
        }
        #expect(part(.probe, of: 1, 1, isLast: false) == nil)
        #expect(part(.probe, of: 0, 1, isLast: false) == "sequence")
        #expect(part(.probe, of: 1, 0, isLast: true) == "sequence")
        #expect(part(failure, of: 1, 1, isLast: false) == "last")
        #expect(part(failure, of: 1, 1, isLast: true) == nil)
    }

    /// A request with one part and 2^64 - 1 bytes of credit.
    private static let boundlessCredit: [UInt8] =
        [0x11, 1, 0, 0, 0, 0, 0, 0, 0, 0x3a, 13, 0x08, 1, 0x10] + [UInt8](repeating: 0xff, count: 9)
        + [1, 0xf2, 0x01, 0]

    /// Values that no Swift value can have, so only a peer's bytes can bring them.
    private static let foreignBytes: [(field: String, bytes: [UInt8])] = [
        (field: "join.role", bytes: [0x92, 0x01, 0x06, 0x0a, 0x01, 0x61, 0x12, 0x01, 0x62]),
        (field: "join.name", bytes: [0x92, 0x01, 0x0c, 0x0a, 0x02, 0xc3, 0x28, 0x12, 0x06] + Array("worker".utf8)),
        (field: "failure.code", bytes: [0x8a, 0x01, 0x02, 0x08, 0x63]),
        (field: "chunk.digest", bytes: [0xc2, 0x01, 0x03, 0x0a, 0x01, 0xff]),
        (
            field: "infer_request.inputs.datatype",
            bytes: [0xda, 0x01, 0x09, 0x0a, 0x01, 0x6d, 0x1a, 0x04, 0x12, 0x02, 0x46, 0x50]
        ),
        (field: "credit.bytes", bytes: boundlessCredit),
        (field: "last", bytes: [0x48, 1, 0xf2, 0x01, 0]),
        (field: "credit_grant.credit", bytes: [0xfa, 0x01, 0x09, 0x09, 1, 0, 0, 0, 0, 0, 0, 0]),
        (field: "body", bytes: []),
        (field: "body", bytes: [0x82, 0x02, 0x00]),
    ]

    @Test(arguments: foreignBytes)
    func decodedFields(field: String, bytes: [UInt8]) {
        let error = #expect(throws: WireError.self) { try Envelope(decoding: [0x08, 0x01] + bytes) }
        guard case .invalid(let named, _, _) = error else {
            Issue.record("expected a refusal of \(field), got \(String(describing: error))")
            return
        }
        #expect(named == field)
    }

    @Test func longFailuresAreCutBetweenCharacters() throws {
        let failure = Failure(.internal, String(repeating: "ä", count: WireLimits.failureMessageBytes))
        let decoded = try Envelope(decoding: Envelope(.failure(failure)).encode())
        guard case .failure(let cut) = decoded.body else {
            Issue.record("expected a failure, got \(decoded.body)")
            return
        }
        #expect(cut.message.utf8.count <= WireLimits.failureMessageBytes)
        #expect(cut.message.hasSuffix("ä…"))
    }
}

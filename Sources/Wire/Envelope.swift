package import Digests

/// The version of the protocol this build speaks. Peers of another version are refused when they join.
package let protocolVersion: UInt32 = 1

/// The first frame of every message: who answers whom, for how long, and one body.
package struct Envelope: Sendable, Equatable {
    package var protocolVersion: UInt32
    /// Unique within the sender's incarnation; 0 for a message that is only told: nobody waits for an answer.
    package var messageID: UInt64
    /// The `messageID` this message answers; 0 when it answers none.
    package var correlationID: UInt64
    /// How long the sender waits, from when it sends, in whole microseconds; nil when it does not say. A length of time
    /// and no time of day: the clocks of two machines may differ, and either may be set.
    package var timeout: Duration?
    /// W3C trace context, `00-<trace>-<parent>-<flags>`.
    package var traceparent: String?
    package var body: Body

    package init(
        _ body: Body, messageID: UInt64 = 0, correlationID: UInt64 = 0, timeout: Duration? = nil,
        traceparent: String? = nil, protocolVersion: UInt32 = Wire.protocolVersion
    ) {
        self.protocolVersion = protocolVersion
        self.messageID = messageID
        self.correlationID = correlationID
        self.timeout = timeout
        self.traceparent = traceparent
        self.body = body
    }

    /// Whether its sender waits for a message that answers it.
    package var expectsAnswer: Bool { messageID != 0 && correlationID == 0 }

    package enum Body: Sendable, Equatable {
        case acknowledgement
        case failure(Failure)
        case join(Join)
        case joined(Joined)
        case heartbeat(Heartbeat)
        case heartbeatReply(HeartbeatReply)
        case document(Document)
        case chunkRequest(ChunkRequest)
        case chunk(Chunk)
        case chunkUpload(ChunkUpload)
        case tensorSegment(TensorSegment)
        case inferRequest(InferRequest)
        case inferResponse(InferResponse)
        case cancellation(Cancellation)
        case probe

        /// Asks for work that takes so long that its receiver should hear when nobody waits for the answer any more.
        package var isCancellable: Bool {
            if case .inferRequest = self { true } else { false }
        }
    }
}

/// Nobody waits any more for the answer to what the sender asked in the message of this id.
package struct Cancellation: Sendable, Equatable {
    package var messageID: UInt64

    package init(messageID: UInt64) {
        self.messageID = messageID
    }
}

/// Why a request was not answered. Travels on the wire, is thrown on the other side, and becomes an HTTP status.
package struct Failure: Error, Codable, Sendable, Equatable, CustomStringConvertible {
    package enum Code: UInt32, Codable, Sendable, CaseIterable {
        case unspecified = 0, invalidArgument, notFound
        case failedPrecondition = 4, unavailable, queueFull, deadlineExceeded, cancelled, protocolMismatch
        case permissionDenied, dataCorrupted, `internal`
    }

    package var code: Code
    /// What was expected, what came, what to do.
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}

package struct Join: Codable, Sendable, Equatable {
    package var name: String
    package var role: Role
    package var incarnation: UInt64
    package var endpoint: String
    package var version: String
    package var host: String
    package var processID: UInt32
    package var cores: UInt32
    package var memoryBytes: UInt64
    /// Of the cluster that it was a member of; empty: of none since it started.
    package var clusterID: String

    package init(
        name: String, role: Role, incarnation: UInt64, endpoint: String, version: String, host: String,
        processID: UInt32, cores: UInt32, memoryBytes: UInt64, clusterID: String = ""
    ) {
        self.name = name
        self.role = role
        self.incarnation = incarnation
        self.endpoint = endpoint
        self.version = version
        self.host = host
        self.processID = processID
        self.cores = cores
        self.memoryBytes = memoryBytes
        self.clusterID = clusterID
    }
}

package struct Joined: Sendable, Equatable {
    package var clusterID: String
    package var heartbeatInterval: Duration

    package init(clusterID: String, heartbeatInterval: Duration) {
        self.clusterID = clusterID
        self.heartbeatInterval = heartbeatInterval
    }
}

package struct Heartbeat: Codable, Sendable, Equatable {
    package var incarnation: UInt64
    /// 100 is one core, busy.
    package var cpuPercent: Float
    package var residentBytes: UInt64
    package var report: Document?

    package init(incarnation: UInt64, cpuPercent: Float, residentBytes: UInt64, report: Document? = nil) {
        self.incarnation = incarnation
        self.cpuPercent = cpuPercent
        self.residentBytes = residentBytes
        self.report = report
    }
}

package struct HeartbeatReply: Sendable, Equatable {
    /// False when the coordinator does not know this incarnation: join again.
    package var known: Bool

    package init(known: Bool) {
        self.known = known
    }
}

/// A JSON document with its kind: plans, reports and operator calls, which are stored and shown as JSON as well.
package struct Document: Codable, Sendable, Equatable {
    package var kind: String
    package var json: [UInt8]

    package init(kind: String, json: [UInt8]) {
        self.kind = kind
        self.json = json
    }
}

package struct ChunkRequest: Sendable, Equatable {
    package var digest: ContentDigest
    package var offset: UInt64
    package var length: UInt32

    package init(digest: ContentDigest, offset: UInt64, length: UInt32) {
        self.digest = digest
        self.offset = offset
        self.length = length
    }
}

/// Describes the one payload frame behind it.
package struct Chunk: Sendable, Equatable {
    package var digest: ContentDigest
    package var offset: UInt64
    package var total: UInt64

    package init(digest: ContentDigest, offset: UInt64, total: UInt64) {
        self.digest = digest
        self.offset = offset
        self.total = total
    }
}

/// One payload frame of a file that several senders may write at once, each at its own offsets.
package struct ChunkUpload: Sendable, Equatable {
    package var upload: String
    package var digest: ContentDigest
    package var offset: UInt64
    package var total: UInt64

    package init(upload: String, digest: ContentDigest, offset: UInt64, total: UInt64) {
        self.upload = upload
        self.digest = digest
        self.offset = offset
        self.total = total
    }
}

/// Describes one payload frame of a collective operation.
package struct TensorSegment: Sendable, Equatable {
    package var group: UInt64
    package var operation: UInt64
    package var phase: UInt32
    package var segment: UInt32
    package var sender: UInt32
    /// Type, length and kind of the operation, hashed: ranks that disagree find out at the first message.
    package var signature: UInt32
    /// First slice of the partial sum inside.
    package var part: UInt32
    /// The operation in words, for the errors of ranks that disagree.
    package var description: String

    package init(
        group: UInt64, operation: UInt64, phase: UInt32, segment: UInt32, sender: UInt32, signature: UInt32,
        part: UInt32, description: String = ""
    ) {
        self.group = group
        self.operation = operation
        self.phase = phase
        self.segment = segment
        self.sender = sender
        self.signature = signature
        self.part = part
        self.description = description
    }
}

package struct TensorDescription: Sendable, Equatable {
    package var name: String
    package var datatype: Datatype
    package var shape: [Int]

    package init(name: String, datatype: Datatype, shape: [Int]) {
        self.name = name
        self.datatype = datatype
        self.shape = shape
    }
}

/// Tensor i is payload frame i, row-major, little-endian.
package struct InferRequest: Sendable, Equatable {
    package var model: String
    package var version: String
    package var inputs: [TensorDescription]
    /// Empty: all.
    package var outputs: [String]

    /// From here on a request has many rows: it waits where it keeps no place from those that have a few.
    package static let manyRows = 16

    package init(model: String, version: String, inputs: [TensorDescription], outputs: [String] = []) {
        self.model = model
        self.version = version
        self.inputs = inputs
        self.outputs = outputs
    }
}

package struct InferResponse: Sendable, Equatable {
    package var model: String
    package var version: String
    /// The checkpoint's content digest, hexadecimal.
    package var digest: String
    package var outputs: [TensorDescription]
    /// Rows that waited on the node as it answered: what the gateway balances on.
    package var queuedRows: UInt32

    package init(model: String, version: String, digest: String, outputs: [TensorDescription], queuedRows: UInt32) {
        self.model = model
        self.version = version
        self.digest = digest
        self.outputs = outputs
        self.queuedRows = queuedRows
    }
}

import Compression
import NIOCore
import NIOHTTP1

/// Undoes the content coding of a request's body (RFC 9110, section 8.4) as it comes. However much comes of a few bytes,
/// only so much is made that one limit holds for what is sent and for what comes of it.
final class ContentDecoder {
    /// What one holds beside what it makes: zlib's window and state, and room for a piece.
    static let footprint = 96 << 10
    static let codings = "gzip, deflate"

    enum Coding {
        case gzip, deflate
    }

    private let coding: Coding
    private let limit: BodyLimit
    private var inflater: Inflater?
    private var received = 0
    private let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 32 << 10, alignment: 16)

    init(_ coding: Coding, limit: BodyLimit) {
        self.coding = coding
        self.limit = limit
    }

    deinit { piece.deallocate() }

    /// Nil where the body is sent as it is. Throws 415 for what is not known here.
    static func coding(_ headers: HTTPHeaders) throws(Refusal) -> Coding? {
        guard headers.contains(name: "content-encoding") else { return nil }
        let codings = headers[canonicalForm: "content-encoding"].map { $0.lowercased() }.filter { $0 != "identity" }
        switch codings {
        case []: return nil
        case ["gzip"], ["x-gzip"]: return .gzip
        case ["deflate"]: return .deflate
        default:
            var refusal = Refusal(
                .unsupportedMediaType,
                "content-encoding: expected one of \(Self.codings), got '\(codings.joined(separator: ", "))'")
            refusal.headers = [("accept-encoding", Self.codings)]
            throw refusal
        }
    }

    /// Appends what comes of a piece. Throws 413 as soon as it is too much, 400 where it is damaged.
    func decode(_ bytes: ByteBuffer, into body: inout ByteBuffer) throws(Refusal) {
        received += bytes.readableBytes
        guard received <= limit.bytes else { throw limit.exceeded("is longer") }
        let decoded = bytes.withUnsafeReadableBytes { bytes in
            Result { () throws(Refusal) in try decode(bytes, into: &body) }
        }
        try decoded.get()
    }

    /// Throws 400 where the compressed data is not at its end.
    func finish() throws(Refusal) {
        guard inflater?.isFinished == true else { throw Self.damaged("the compressed body ends too early") }
    }

    private func decode(_ bytes: UnsafeRawBufferPointer, into body: inout ByteBuffer) throws(Refusal) {
        var rest = bytes
        while !rest.isEmpty {
            let inflater = try inflater(for: rest[0])
            do {
                let taken = try inflater.inflate(rest, through: piece) { made in
                    guard body.readableBytes + made.count <= limit.bytes else {
                        throw limit.exceeded("has more when it is decompressed")
                    }
                    body.writeBytes(made)
                }
                rest = UnsafeRawBufferPointer(rebasing: rest[taken...])
            } catch is DamagedData {
                throw Self.damaged("the body is no \(coding), or was damaged on its way: compress it anew")
            } catch {
                throw Refusal(error)
            }
        }
    }

    /// The present one, or a new one where the one before is done: gzip is a row of members (RFC 1952, section 2.2).
    private func inflater(for first: UInt8) throws(Refusal) -> Inflater {
        if let inflater, !inflater.isFinished { return inflater }
        let next: Inflater
        switch coding {
        case .gzip: next = Inflater(.gzip)
        case .deflate:
            guard inflater == nil else { throw Self.damaged("there is more behind the end of the compressed body") }
            // "deflate" means the zlib format, but some send it bare (RFC 9110, section 8.4.1.2). That of zlib begins
            // with the number of the method, 8, in the lower half of a byte.
            next = Inflater(first & 0x0f == 8 ? .zlib : .bare)
        }
        inflater = next
        return next
    }

    private static func damaged(_ reason: String) -> Refusal {
        Refusal(.badRequest, "content-encoding: \(reason)", closesConnection: true)
    }
}

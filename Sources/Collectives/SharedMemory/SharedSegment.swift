import CSharedMemory
import Foundation

/// A piece of memory that several processes of one host have mapped.
///
/// It is an anonymous file (`memfd_create`): it has no name that a killed process could leave behind, and is gone when
/// the last process that has mapped it is. The others open it through `/proc` of the process that made it, which the
/// system allows to the same user only, and know it by a random token that they were told over an authenticated link.
final class SharedSegment: @unchecked Sendable {
    /// What the maker tells the others.
    struct Offer: Codable, Equatable {
        var process: Int32
        var descriptor: Int32
        var token: [UInt64]
        var byteCount: Int
    }

    static let headerByteCount = 64

    let base: UnsafeMutableRawPointer
    let byteCount: Int

    private init(mapping descriptor: Int32, byteCount: Int) throws(SharedMemoryError) {
        let flags = MAP_SHARED | Int32(MAP_POPULATE)
        guard let base = mmap(nil, byteCount, PROT_READ | PROT_WRITE, flags, descriptor, 0), base != MAP_FAILED else {
            throw SharedMemoryError("mapping \(byteCount) bytes", errno)
        }
        self.base = base
        self.byteCount = byteCount
    }

    deinit {
        munmap(base, byteCount)
    }

    /// Makes a segment of zeroes. The caller closes the descriptor when the others have opened it.
    static func make(byteCount: Int) throws(SharedMemoryError) -> (SharedSegment, Offer) {
        let descriptor = martlet_memory_create(byteCount)
        guard descriptor >= 0 else { throw SharedMemoryError("reserving \(byteCount) bytes", -descriptor) }
        do throws(SharedMemoryError) {
            let segment = try SharedSegment(mapping: descriptor, byteCount: byteCount)
            let offer = Offer(
                process: getpid(), descriptor: descriptor, token: (0..<2).map { _ in .random(in: 1 ... .max) },
                byteCount: byteCount)
            segment.header[0] = UInt64(byteCount)
            segment.header[1] = offer.token[0]
            segment.header[2] = offer.token[1]
            return (segment, offer)
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// Maps what another process of this host has made.
    static func open(_ offer: Offer) throws(SharedMemoryError) -> SharedSegment {
        let path = "/proc/\(offer.process)/fd/\(offer.descriptor)"
        let descriptor = Foundation.open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw SharedMemoryError("opening \(path)", errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_size == offer.byteCount,
            offer.byteCount >= headerByteCount, offer.token.count == 2
        else {
            throw SharedMemoryError("\(path) is not the memory that was offered")
        }
        let segment = try SharedSegment(mapping: descriptor, byteCount: offer.byteCount)
        guard segment.header[1] == offer.token[0], segment.header[2] == offer.token[1] else {
            throw SharedMemoryError("\(path) is not the memory that was offered")
        }
        return segment
    }

    private var header: UnsafeMutablePointer<UInt64> { base.assumingMemoryBound(to: UInt64.self) }
}

/// Why ranks of one host cannot share memory; they send messages instead.
struct SharedMemoryError: Error, CustomStringConvertible {
    let description: String

    init(_ what: String, _ number: Int32? = nil) {
        description = number.map { "\(what): \(String(cString: strerror($0)))" } ?? what
    }
}

import CZeroMQ

/// One payload frame: bytes that are read where they lie and never changed.
///
/// A frame made with an owner is not copied before libzmq encrypts it, which happens some time after `send` returned:
/// its bytes must stay as they are until the owner is released. The bytes of every frame begin at an address that is
/// a multiple of 8, so elements of any type can be read in place.
package final class Frame: @unchecked Sendable {
    enum Storage {
        case empty
        case bytes(UnsafeMutableRawPointer)
        case owner(any AnyObject & Sendable)
        /// A message part as libzmq received it; ours to close.
        case received(UnsafeMutablePointer<zmq_msg_t>)
    }

    private let storage: Storage
    let address: UnsafeRawPointer?
    package let count: Int

    init(storage: Storage, address: UnsafeRawPointer?, count: Int) {
        self.storage = storage
        self.address = address
        self.count = count
    }

    deinit {
        switch storage {
        case .empty, .owner: break
        case .bytes(let bytes): bytes.deallocate()
        case .received(let part):
            zmq_msg_close(part)
            part.deallocate()
        }
    }

    package convenience init(copying bytes: UnsafeRawBufferPointer) {
        self.init(count: bytes.count) { $0.copyMemory(from: bytes) }
    }

    package convenience init(copying bytes: [UInt8]) {
        self.init(count: bytes.count) { buffer in bytes.withUnsafeBytes { buffer.copyMemory(from: $0) } }
    }

    /// A frame of `count` bytes, all of which `initialize` must write.
    package convenience init(count: Int, initializing initialize: (UnsafeMutableRawBufferPointer) -> Void) {
        guard count > 0 else {
            self.init(storage: .empty, address: nil, count: 0)
            return
        }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 64)
        initialize(buffer)
        self.init(storage: .bytes(buffer.baseAddress!), address: buffer.baseAddress, count: count)
    }

    /// A frame over bytes that live as long as `owner`.
    package convenience init(owner: any AnyObject & Sendable, bytes: UnsafeRawBufferPointer) {
        self.init(storage: .owner(owner), address: bytes.baseAddress, count: bytes.count)
    }

    package func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(self) {} }
        return try body(UnsafeRawBufferPointer(start: address, count: count))
    }

    package var bytes: [UInt8] { withUnsafeBytes { Array($0) } }
}

import Foundation

/// 32 secret bytes in one place of memory, wiped when they are no longer needed. Nothing prints them.
final class SecretKey: @unchecked Sendable {
    let bytes: UnsafeRawBufferPointer
    private let storage: UnsafeMutableRawBufferPointer

    init(bytes: [UInt8]) {
        storage = .allocate(byteCount: bytes.count, alignment: 16)
        storage.copyBytes(from: bytes)
        self.bytes = UnsafeRawBufferPointer(storage)
    }

    deinit {
        explicit_bzero(storage.baseAddress!, storage.count)
        storage.deallocate()
    }
}

extension SecretKey: CustomStringConvertible, CustomReflectable {
    var description: String { "SecretKey(hidden)" }
    var customMirror: Mirror { Mirror(self, children: []) }
}

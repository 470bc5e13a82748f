import CZeroMQ
import Foundation

/// An eventfd: what wakes the messaging thread from `poll`.
struct EventDescriptor: ~Copyable, Sendable {
    let number: Int32

    init() throws(MessagingError) {
        number = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
        guard number >= 0 else {
            throw .cannotStart(reason: "no eventfd: \(String(cString: strerror(errno)))")
        }
    }

    deinit {
        close(number)
    }

    func signal() {
        eventfd_write(number, 1)
    }

    func clear() {
        var count: eventfd_t = 0
        eventfd_read(number, &count)
    }
}

import Foundation

/// Holds a thread until it is told to let it go.
final class Gate: @unchecked Sendable {
    private let blocked = DispatchSemaphore(value: 0)
    private let opened = DispatchSemaphore(value: 0)

    func block() {
        blocked.signal()
        opened.wait()
    }

    func waitUntilBlocked() { blocked.wait() }
    func open() { opened.signal() }
}

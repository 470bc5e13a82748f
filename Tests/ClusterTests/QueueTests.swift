@testable import Collectives
import Threads
import Dispatch
import Synchronization
import Testing

@Suite struct QueueTests {
    @Test func workIsDoneInOrderAndRefusedWhenThereIsTooMuch() async throws {
        let thread = WorkThread(name: "test", limit: 2)
        let gate = DispatchSemaphore(value: 0)
        let done = Mutex<[Int]>([])
        // The thread waits at the gate, so what follows piles up.
        let isHeld = Inbox<Void>(limit: 1)
        thread.enqueue {
            isHeld.put(())
            gate.wait()
        }
        _ = await isHeld.next()
        try thread.submit { done.withLock { $0.append(1) } }
        try thread.submit { done.withLock { $0.append(2) } }
        #expect(throws: WorkThread.Refusal.full(thread: "test", limit: 2)) { try thread.submit {} }
        gate.signal()
        try await thread.run { done.withLock { $0.append(3) } }
        #expect(done.withLock { $0 } == [1, 2, 3])
        thread.close()
        #expect(throws: WorkThread.Refusal.closed(thread: "test")) { try thread.submit {} }
        await #expect(throws: WorkThread.Refusal.closed(thread: "test")) { try await thread.run {} }
    }

    @Test func errorsOfWorkComeBack() async {
        struct Broken: Error {}
        let thread = WorkThread(name: "test", limit: 1)
        await #expect(throws: Broken.self) { try await thread.run { throw Broken() } }
    }
}

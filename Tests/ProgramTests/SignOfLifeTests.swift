import Foundation
import Synchronization
import Testing

@testable import martlet

/// Long work shows that it goes on, and leaves nothing behind.
@Suite struct SignOfLifeTests {
    private final class Screen: Sendable {
        let texts = Mutex<[String]>([])
        let drawn = DispatchSemaphore(value: 0)

        func write(_ text: String) {
            texts.withLock { $0.append(text) }
            drawn.signal()
        }
    }

    @Test func whatTakesLongIsShownUntilItIsDone() throws {
        let screen = Screen()
        let result = SignOfLife.during(
            "reads a.csv", isShown: true, interval: .milliseconds(1), write: screen.write
        ) {
            screen.drawn.wait()
            screen.drawn.wait()
            return 7
        }
        let texts = screen.texts.withLock { $0 }
        #expect(result == 7)
        #expect(texts.first == "\r\u{1B}[Kreads a.csv, 0.0s")
        #expect(texts.dropLast().allSatisfy { $0.hasPrefix("\r\u{1B}[Kreads a.csv, ") })
        #expect(texts.last == "\r\u{1B}[K")
    }

    @Test func nothingIsWrittenWhereNobodyLooksAndForWhatIsShort() throws {
        let screen = Screen()
        struct Failed: Error {}
        #expect(throws: Failed.self) {
            try SignOfLife.during("a", isShown: false, interval: .zero, write: screen.write) {
                // Enough for a line that must not come.
                #expect(screen.drawn.wait(timeout: .now() + .milliseconds(50)) == .timedOut)
                throw Failed()
            }
        }
        SignOfLife.during("a", isShown: true, interval: .seconds(3600), write: screen.write) {}
        #expect(screen.texts.withLock { $0 } == [])
    }
}

import JobProtocol
import LocalCluster
import Foundation
import UnixSignals

/// `martlet status --watch`: draws every second, at once when the window changes its size, until Ctrl-C.
struct StatusWatch {
    let session: OperatorSession
    let folder: ClusterFolder

    private enum Event {
        case tick, resized, left
    }

    func run() async throws {
        let screen = try Screen()
        let (events, continuation) = AsyncStream.makeStream(of: Event.self, bufferingPolicy: .bufferingNewest(8))
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                while !Task.isCancelled {
                    continuation.yield(.tick)
                    guard (try? await Task.sleep(for: .seconds(1))) != nil else { return }
                }
            }
            group.addTask {
                for await signal in await UnixSignalsSequence(trapping: .sigint, .sigterm, .sigwinch) {
                    continuation.yield(signal == .sigwinch ? .resized : .left)
                }
            }
            var lines: [String] = []
            loop: for await event in events {
                switch event {
                case .tick: lines = await self.lines()
                case .resized: break
                case .left: break loop
                }
                try screen.draw(lines)
            }
        }
    }

    /// The status now; while the coordinator does not answer, what is known is that.
    private func lines() async -> [String] {
        let now = Date()
        do {
            let document = StatusDocument(try await session.client.status(), of: folder)
            let view = StatusView(status: document.status, now: now, width: nil)
            // Limits do not change while one looks.
            return view.lines() + StatusDocument.lines(of: document.warnings)
                + StatusDocument.lines(of: document.restarts) + ["", "Ctrl-C leaves"]
        } catch {
            let time = now.formatted(.iso8601)
            return ["\(time)  \(CommandFailure(error, coordinator: session.endpoint))", "", "Ctrl-C leaves"]
        }
    }
}

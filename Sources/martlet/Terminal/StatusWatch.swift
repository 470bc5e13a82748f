import Cluster
import Foundation
import UnixSignals

/// `martlet status --watch`: draws every second, at once when the window changes its size, until Ctrl-C.
struct StatusWatch {
    let session: OperatorSession

    private enum Event {
        case tick, resized, left
    }

    func run() async {
        let screen = Screen()
        let (events, continuation) = AsyncStream.makeStream(of: Event.self, bufferingPolicy: .bufferingNewest(8))
        await withTaskGroup(of: Void.self) { group in
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
                screen.draw(lines.map { $0.fitting(Output.width) })
            }
            group.cancelAll()
        }
    }

    /// The status now; while the coordinator does not answer, what is known is that.
    private func lines() async -> [String] {
        let now = Date()
        do {
            let status = try await session.client.status()
            return StatusView(status: status, now: now, width: nil).lines() + ["", "Ctrl-C leaves"]
        } catch {
            let time = now.formatted(.iso8601)
            return ["\(time)  \(CommandFailure(error, coordinator: session.endpoint))", "", "Ctrl-C leaves"]
        }
    }
}

import Foundation
import Glibc
import Processes
import Synchronization

/// Who prepares the data of a job.
package enum Preparer: Sendable, Equatable {
    /// This process itself: for tests, and for programs that are not `martlet`.
    case ownProcess
    /// A process of its own, which may die without harm; the folder is handed to it as its last argument. It ends with
    /// the coordinator.
    case child(executable: String, arguments: [String])
}

/// The preparation that is under way. There is one at a time.
final class PreparationRun: Sendable {
    private let preparer: Preparer
    private let current = Mutex<Current?>(nil)

    private struct Current {
        var job: String
        var process: FollowedProcess? = nil
        var isStopped = false
    }

    /// Bytes of the end of its output, of which the last line is told where it died.
    private static let tailBytes = 2000
    /// What it says last is why it ends, not where.
    private static let environment = ["SWIFT_BACKTRACE": "enable=no"]

    init(_ preparer: Preparer) {
        self.preparer = preparer
    }

    /// Works in a folder until there is a result. Throws `PreparationDied` where there comes none, and
    /// `PreparationRefused` where the data is at fault. Blocks; in the case of a child on a thread that must not end
    /// before.
    func perform(_ request: PreparationRequest, of job: String, in folder: PreparationFolder) throws -> Preparation {
        current.withLock { $0 = Current(job: job) }
        defer { current.withLock { $0 = nil } }
        try folder.create(request)
        switch preparer {
        case .ownProcess: try folder.work()
        case .child(let executable, let arguments):
            try run(executable, arguments + [folder.url.path(percentEncoded: false)], in: folder)
        }
        switch try folder.result() {
        case .done(let preparation)?: return preparation
        case .refused(let reason)?: throw PreparationRefused(description: reason)
        case nil: throw PreparationDied(description: "it left no result")
        }
    }

    /// Ends the preparation of a job; nothing happens if another one is under way, or none.
    func stop(_ job: String) {
        current.withLock { current in
            guard current?.job == job else { return }
            current?.isStopped = true
            current?.process?.signal(SIGKILL)
        }
    }

    private func run(_ executable: String, _ arguments: [String], in folder: PreparationFolder) throws {
        let process = try FollowedProcess(
            executable, arguments: arguments,
            environment: ProcessInfo.processInfo.environment.merging(Self.environment) { $1 },
            directory: folder.url.path(percentEncoded: false))
        current.withLock { current in
            current?.process = process
            // It may have been stopped just before.
            if current?.isStopped == true { process.signal(SIGKILL) }
        }
        var tail: [UInt8] = []
        let status = process.follow { _ in
        } errors: { bytes in
            tail = Array((tail + bytes).suffix(Self.tailBytes))
        } channel: { _ in
        }
        let isStopped = current.withLock { $0?.isStopped == true }
        guard status != .exited(0) else { return }
        let said = String(decoding: tail, as: UTF8.self).split(separator: "\n").last.map { ": \($0)" } ?? ""
        switch status {
        case _ where isStopped: throw PreparationDied(description: "it was stopped")
        case .exited(PreparationFoundNoRoom.status): throw PreparationFoundNoRoom()
        case .exited(let code): throw PreparationDied(description: "its process ended with status \(code)\(said)")
        case .signalled(let signal):
            throw PreparationDied(description: "its process was ended by signal \(signal)\(said)")
        }
    }
}

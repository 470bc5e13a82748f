import ClusterProtocol
import Processes
import Explanations
import Foundation
import Glibc
import Logging
import Synchronization
import Threads
import Wire

/// One rank of one launch on this worker, from its order to its end.
final class LaunchRunner: Sendable {
    let assignment: LaunchAssignment
    /// The program's real path.
    private let executable: String
    /// Address of the interface on which the rank is to listen.
    private let host: String
    private let log: URL
    private let control: ControlLink
    private let logger: Logger
    private let output = RankOutputQueue()
    private let state = Mutex(State())

    private struct State {
        var process: FollowedProcess?
        var stopReason: String?
        var hasRoster = false
        /// Tells the coordinator where the rank listens; nil until the rank has said it.
        var report: Task<Void, Never>?
    }

    /// Bytes of a line that are passed on.
    static let lineLimit = 1000
    /// Bytes of the line in which a rank says how it is reached.
    private static let addressLimit = 4096
    /// Between asking a rank to end and ending it.
    private static let patience: Duration = .seconds(2)
    /// How long the last lines may take to the coordinator.
    private static let lastLines: Duration = .seconds(5)

    init(
        _ assignment: LaunchAssignment, executable: String, host: String, log: URL, control: ControlLink,
        logger: Logger
    ) {
        self.assignment = assignment
        self.executable = executable
        self.host = host
        self.log = log
        self.control = control
        self.logger = logger
    }

    /// Ends the rank: it is asked to, and a little later killed.
    func stop(_ reason: String) {
        let process = state.withLock { state in
            state.stopReason = state.stopReason ?? reason
            return state.process
        }
        guard let process else { return }
        process.signal(SIGTERM)
        Task {
            try await Task.sleep(for: Self.patience)
            process.signal(SIGKILL)
        }
    }

    /// Tells the rank who the others are. An order may come twice.
    func deliver(_ roster: LaunchRoster) throws {
        let bytes = Array(try ClusterJSON.encoder().encode(roster)) + [UInt8(ascii: "\n")]
        try state.withLock { state in
            guard !state.hasRoster, let process = state.process else { return }
            guard process.send(bytes) else {
                throw Failure(.internal, "rank \(assignment.rank) does not read its channel")
            }
            state.hasRoster = true
        }
    }

    /// Runs the rank and reports its end. Cancelled only when the whole worker ends.
    func run() async {
        let forwarding = Task { await forward() }
        let status: RankEnded.Status
        do {
            status = try await NamedThread.run("rank") { try self.execute() }
        } catch {
            status = .notStarted(error.explanation)
        }
        output.finish()
        let deadline = Task {
            try await Task.sleep(for: Self.lastLines)
            forwarding.cancel()
        }
        await forwarding.value
        deadline.cancel()
        state.withLock { $0.report }?.cancel()
        logger.info("rank ended", metadata: ["status": "\(status)"])
        let report = RankEnded(
            launch: assignment.launch, generation: assignment.generation, rank: assignment.rank, status: status,
            tail: output.tail, printed: output.printed)
        do {
            try await control.call(report)
        } catch {
            logger.warning("end of the rank not reported", metadata: ["reason": "\(error.explanation)"])
        }
    }

    /// Starts the process and follows it to its end. Blocks.
    private func execute() throws -> RankEnded.Status {
        let printed = try RankLog(log) { [logger, path = log.path] reason in
            logger.warning(
                "not all that the rank prints is logged", metadata: ["file": "\(path)", "reason": "\(reason)"])
        }
        defer { printed.finish() }
        let process = try FollowedProcess(
            executable, arguments: assignment.command.arguments, environment: environment,
            directory: assignment.command.directory)
        let stopReason = state.withLock { state in
            state.process = process
            return state.stopReason
        }
        if let stopReason { stop(stopReason) }
        var lines = LineSplitter(limit: Self.lineLimit)
        var errors = LineSplitter(limit: Self.lineLimit)
        var address = LineSplitter(limit: Self.addressLimit)
        let status = process.follow { bytes in
            printed.write(bytes)
            output.add(lines.add(bytes))
        } errors: { bytes in
            printed.write(bytes)
            output.add(errors.add(bytes), areErrors: true)
        } channel: { bytes in
            for line in address.add(bytes) { report(address: line) }
        }
        output.add(lines.finish())
        output.add(errors.finish(), areErrors: true)
        return
            switch status
        {
        case .exited(let code): .exited(code)
        case .signalled(let signal): .signalled(signal)
        }
    }

    private var environment: [String: String] {
        ProcessInfo.processInfo.environment.merging([
            LaunchVariable.rank: "\(assignment.rank)", LaunchVariable.worldSize: "\(assignment.worldSize)",
            LaunchVariable.launch: assignment.launch, LaunchVariable.host: host,
            LaunchVariable.channel: "\(FollowedProcess.channelDescriptor)",
        ]) { $1 }
    }

    /// The rank listens and has said where. It says so once; what else it writes there is of no use.
    private func report(address line: String) {
        guard state.withLock({ $0.report == nil }) else { return }
        do {
            let address = try ClusterJSON.decoder().decode(RankAddress.self, from: Data(line.utf8))
            let ready = RankReady(
                launch: assignment.launch, generation: assignment.generation, rank: assignment.rank, address: address)
            let report = Task { [control, logger] in
                do {
                    try await control.call(ready)
                } catch {
                    logger.warning("address of the rank not reported", metadata: ["reason": "\(error.explanation)"])
                }
            }
            state.withLock { $0.report = report }
        } catch {
            logger.warning("the rank's address cannot be read", metadata: ["reason": "\(error.explanation)"])
        }
    }

    /// Passes on what the rank prints, until it has ended or the coordinator no longer wants to know.
    private func forward() async {
        while let (first, lines) = await output.next() {
            let report = RankOutput(
                launch: assignment.launch, generation: assignment.generation, rank: assignment.rank, first: first,
                lines: lines)
            do {
                try await control.call(report)
            } catch {
                return logger.debug("output not passed on", metadata: ["reason": "\(error.explanation)"])
            }
        }
    }
}

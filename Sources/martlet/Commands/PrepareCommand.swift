import ArgumentParser
import Coordinator
import Foundation
import Glibc

/// Prepares the data of one job; started by the coordinator.
struct PrepareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prepare",
        abstract: "Prepare the data of a job.",
        discussion: "Started by `martlet coordinator`, which makes the folder and reads what became of it there.",
        shouldDisplay: false)

    @Option(parsing: .unconditional, help: "Bytes of memory that it may take.")
    var memory: Int

    @Argument var folder: String

    /// Less is not enough for the program itself and the index of a small data set.
    private static let leastMemory = 1 << 30

    func validate() throws {
        try OptionBounds.check(memory, of: "--memory", in: 1...1 << 46)
    }

    func run() throws {
        // An allocation beyond this fails, which ends this process and no other.
        try Self.limit(RLIMIT_DATA, to: memory)
        try Self.limit(RLIMIT_CORE, to: 0)
        // Where the machine itself runs out of memory, this process goes first. Nothing depends on it, so a system that
        // does not allow it is no obstacle.
        try? Data("1000".utf8).write(to: URL(filePath: "/proc/self/oom_score_adj"))
        do {
            try PreparationFolder(URL(filePath: folder)).work()
        } catch is PreparationFoundNoRoom {
            throw ExitCode(PreparationFoundNoRoom.status)
        }
    }

    /// Who does the coordinator's preparations: this program, with half of the machine's memory unless told otherwise. It
    /// is named by the file that runs, as another version may have taken its place since.
    static func preparer(memory: Int?) -> Preparer {
        let memory = memory ?? max(leastMemory, Int(ProcessInfo.processInfo.physicalMemory / 2))
        return .child(
            executable: "/proc/self/exe", arguments: [configuration.commandName ?? "", "--memory", "\(memory)"])
    }

    private static func limit(_ resource: __rlimit_resource, to bytes: Int) throws {
        var limit = rlimit(rlim_cur: rlim_t(bytes), rlim_max: rlim_t(bytes))
        guard setrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 else {
            throw CommandFailure("the memory cannot be limited: \(String(cString: strerror(errno)))")
        }
    }
}

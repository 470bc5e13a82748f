import ArgumentParser
import ControlPlane
import Coordinator
import Explanations
import Files
import Foundation

struct DebugReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Let the events of a coordinator's journal happen again, and compare what comes of them.",
        discussion: """
            Examples:
              martlet debug replay .martlet/local/nodes/coordinator/journal
              martlet debug replay 00000007.journal --until 1200 --verbose

            Reads one segment, or all segments of a folder, and needs no cluster. The same program makes of the same \
            events the same state: where the journal has a digest of it, the replay must have the same one. Ends with 0 if \
            all agree, with 1 at the first that does not, and for what cannot be read.
            """)

    @Argument(
        help: "A segment of a journal, or the folder with all of them.", completion: .file(extensions: ["journal"]),
        transform: HomeFolder.expand)
    var journal: String

    @Option(help: ArgumentHelp("End after so many events.", valueName: "n"))
    var until: Int?

    @Flag(help: "Print a line for each event: its number, when it happened, what it was and what it led to.")
    var verbose = false

    @OptionGroup var output: Output

    func validate() throws {
        if let until, until < 1 { throw ValidationError("--until is \(until), expected at least 1") }
        if verbose, output.json {
            throw ValidationError("--verbose prints lines, --json prints one document: give one")
        }
    }

    func run() throws {
        var replay = try JournalReplay(of: URL(filePath: journal))
        var account = ReplayAccount()
        while account.difference == nil, replay.events < until ?? .max, let step = try replay.next() {
            for line in account.take(step, verbose: verbose) where !output.json {
                // What jobs and operators said may hold anything.
                try Output.write(line.escapingControls())
            }
        }
        account.state = try replay.plane.map { try StateDigest(of: $0).description }
        try output.show(account, lines: account.lines)
        if account.state == nil || account.difference != nil || account.isDamaged { throw ExitCode.failure }
    }
}

import ArgumentParser
import Explanations
import Glibc
import Synchronization

/// From the command line to the exit code. What ArgumentParser's own `main` does, but for how errors are told: in our
/// words, on one line, also where a stream is full or closed.
extension Martlet {
    static func main() async {
        StandardStream.keepNumbers()
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            if let lost = Output.lostNote.withLock({ $0 }) { throw lost }
        } catch {
            Glibc.exit(conclude(error))
        }
    }

    /// Tells how a command ended and gives the exit code. Help and the like are no errors, and go to standard output.
    private static func conclude(_ error: any Error) -> Int32 {
        let code = exitCode(for: error).rawValue
        let text = text(of: error, code: code)
        guard !text.isEmpty else { return code }
        do {
            try (code == EXIT_SUCCESS ? StandardStream.output : .error).write(text + "\n")
            return code
        } catch {
            // One stream is left to say so; with neither, the exit code does.
            let other = code == EXIT_SUCCESS ? StandardStream.error : .output
            try? other.write("Error: \(error)\n")
            return EXIT_FAILURE
        }
    }

    private static func text(of error: any Error, code: Int32) -> String {
        // What it quotes of files and of the command line may hold anything.
        words(for: error, code: code).escapingControls(keeping: "\n\t")
    }

    private static func words(for error: any Error, code: Int32) -> String {
        if code == ExitCode.validationFailure.rawValue,
            let unknown = UnknownCommand.find(
                in: CommandLine.arguments.dropFirst(), below: Martlet.self, called: "martlet")
        {
            return "Error: \(unknown)\n  See '\(unknown.parent) --help' for more information."
        }
        let isOurs = code == EXIT_FAILURE && !(error is ExitCode)
        return isOurs ? "Error: \(error.explanation)" : fullMessage(for: error)
    }
}

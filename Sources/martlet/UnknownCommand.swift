import ArgumentParser
import Explanations

/// A word of the command line that stands where a command is expected and is none.
///
/// ArgumentParser takes it for an argument too many, and what stands behind it for unknown options.
struct UnknownCommand: Equatable, CustomStringConvertible {
    /// Such as `martlet cluster`.
    let parent: String
    let word: String
    let known: [String]

    /// Nil where every command is there.
    static func find(
        in arguments: ArraySlice<String>, below command: any ParsableCommand.Type, called path: String
    ) -> UnknownCommand? {
        let children = command.configuration.subcommands
        guard let word = arguments.first, !word.hasPrefix("-"), word != "help", !children.isEmpty else { return nil }
        for child in children where child._commandName == word {
            return find(in: arguments.dropFirst(), below: child, called: "\(path) \(word)")
        }
        let known = children.filter { $0.configuration.shouldDisplay }
        return UnknownCommand(parent: path, word: word, known: known.map { $0._commandName })
    }

    var description: String {
        let hint = nearestWord(to: word, in: known).map { "did you mean '\(parent) \($0)'?" }
        return "there is no command '\(parent) \(word)': \(hint ?? "expected one of \(known.joined(separator: ", "))")"
    }
}

import ArgumentParser

struct DebugCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "debug",
        abstract: "Look into what a coordinator did.",
        discussion: "Example: martlet debug replay .martlet/local/nodes/coordinator/journal",
        subcommands: [DebugReplayCommand.self])
}

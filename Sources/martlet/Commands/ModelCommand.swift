import ArgumentParser

struct ModelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract: "Look at a model or take a copy of a version.",
        discussion: "Example: martlet model show digits@production",
        subcommands: [ModelShowCommand.self, ModelExportCommand.self])
}

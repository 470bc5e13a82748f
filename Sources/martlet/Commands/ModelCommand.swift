import ArgumentParser

struct ModelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract: "Look at a model, take a copy of a version, or delete it.",
        discussion: "Example: martlet model show digits@production",
        subcommands: [ModelShowCommand.self, ModelExportCommand.self, ModelDeleteCommand.self])
}

import ArgumentParser

struct DatasetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dataset",
        abstract: "Look at data before anything is learned from it.",
        discussion: "Example: martlet dataset profile patients.csv --html patients.html",
        subcommands: [DatasetProfileCommand.self, DatasetCheckCommand.self])
}

import ArgumentParser

struct AliasCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alias",
        abstract: "Delete an alias; `promote` makes one.",
        discussion: "Example: martlet alias delete digits@canary",
        subcommands: [AliasDeleteCommand.self])
}

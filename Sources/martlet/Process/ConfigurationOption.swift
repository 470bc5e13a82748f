import ArgumentParser
import Files

/// `--config`, which all four roles take.
struct ConfigurationOption: ParsableArguments {
    @Option(
        name: .customLong("config"),
        help: ArgumentHelp("The node's configuration, as `martlet cluster up` writes it.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]), transform: HomeFolder.expand)
    var path: String
}

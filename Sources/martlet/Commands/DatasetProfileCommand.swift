import ArgumentParser
import Datasets
import Files
import Foundation

struct DatasetProfileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile",
        abstract: "Show what a data file holds: counts, missing values, spread, quantiles, correlations.",
        discussion: """
            Examples:
              martlet dataset profile patients.csv
              martlet dataset profile patients.csv --html patients.html
              martlet dataset profile train-images-idx3-ubyte.gz --json

            Reads .csv, .jsonl (.ndjson, .json), .npy, .npz, .txt, IDX files (idx in their name) and folders of \
            pictures, twice, in memory that does not grow with them.
            """)

    @Argument(help: "A data file, or a folder of pictures.", completion: .file(), transform: HomeFolder.expand)
    var file: String

    @Option(
        help: ArgumentHelp("Write a page to look at in a browser.", valueName: "page"), completion: .file(),
        transform: HomeFolder.expand)
    var html: String?

    @OptionGroup var output: Output

    func run() throws {
        let profile = try SignOfLife.during("reads \(file)") { try DatasetProfile(of: URL(filePath: file)) }
        if let html { try OutputFile.write(Array(profile.html().utf8), to: html) }
        try output.show(profile, lines: ProfileView.lines(profile, width: Output.width))
    }
}

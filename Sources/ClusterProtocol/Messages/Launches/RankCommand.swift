/// What every rank of a launch runs.
package struct RankCommand: Codable, Sendable, Equatable {
    /// Absolute path, the same on every machine.
    package var executable: String
    package var arguments: [String]
    /// Working directory.
    package var directory: String

    package init(executable: String, arguments: [String], directory: String) {
        self.executable = executable
        self.arguments = arguments
        self.directory = directory
    }
}

extension RankCommand {
    /// Bytes of the path, the folder and all arguments of a command.
    static let largestBytes = 64 << 10

    package func check() throws(DocumentProblem) {
        let bytes = ([executable, directory] + arguments).reduce(0) { $0 + $1.utf8.count }
        guard bytes <= Self.largestBytes else {
            throw DocumentProblem(
                field: "command", expected: "at most \(Self.largestBytes) bytes with all arguments",
                got: "\(bytes) bytes")
        }
    }
}

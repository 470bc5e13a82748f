import ClusterProtocol
import Files
import Foundation

/// The program of a `martlet launch`, as the workers are to find it.
struct LaunchedProgram: Equatable {
    let command: RankCommand
    /// A name for the launch.
    let name: String

    /// - Parameters:
    ///   - words: the program, then its arguments. A program without a slash is looked for in `path`, as shells do.
    ///   - directory: where relative paths begin, and where the program is to start.
    init(
        _ words: [String], directory: String, path: String = ProcessInfo.processInfo.environment["PATH"] ?? ""
    ) throws {
        let program = words[0].contains("/") ? HomeFolder.expand(words[0]) : words[0]
        let base = URL(filePath: directory, directoryHint: .isDirectory)
        let candidates =
            program.contains("/")
            ? [URL(filePath: program, relativeTo: base)]
            : path.split(separator: ":").map { URL(filePath: String($0)).appending(path: program) }
        let files = candidates.map(\.standardizedFileURL.path)
        guard let file = files.first(where: Self.isProgram) else {
            throw CommandFailure(
                program.contains("/")
                    ? "\(files[0]) is no program that can be executed"
                    : "there is no program '\(program)' in PATH; a program of this directory is ./\(program)")
        }
        command = RankCommand(executable: file, arguments: Array(words.dropFirst()), directory: directory)
        name = Self.name(of: file)
    }

    /// Folders can be "executed" as well.
    private static func isProgram(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
            && FileManager.default.isExecutableFile(atPath: path)
    }

    /// The file's name with only what names of launches may have.
    private static func name(of file: String) -> String {
        let allowed = URL(filePath: file).deletingPathExtension().lastPathComponent.map { character in
            character.isASCII && (character.isLetter || character.isNumber || character == "-") ? character : "-"
        }
        let name = String(allowed.drop { $0 == "-" }.prefix(40))
        return name.isEmpty ? "launch" : name
    }
}

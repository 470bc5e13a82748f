import ArgumentParser
import Foundation

/// `--json`, and the two ways in which a command shows what it found.
struct Output: ParsableArguments {
    @Flag(help: "Print JSON for scripts.")
    var json = false

    /// Prints the value as JSON if that was asked for, else the lines.
    func show(_ value: some Encodable, lines: @autoclosure () -> [String]) throws {
        try Self.write(json ? Self.text(of: value) : lines().joined(separator: "\n"))
    }

    /// Keys are sorted and times are ISO 8601, so that two outputs can be compared. A figure that is no finite number is
    /// null: JSON has none.
    static func text(of value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        let mark = UUID().uuidString
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: mark, negativeInfinity: mark, nan: mark)
        return String(decoding: try encoder.encode(value), as: UTF8.self).replacing("\"\(mark)\"", with: "null")
    }

    /// One write a text, so that a pipe sees whole lines at once.
    static func write(_ text: String) throws {
        try FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
    }

    /// Writes a file whole or not at all. Throws a failure that names it.
    static func save(_ data: Data, to file: String) throws {
        do {
            try data.write(to: URL(filePath: file), options: .atomic)
        } catch {
            throw CommandFailure("\(file) cannot be written: \(error.localizedDescription)")
        }
    }

    static func note(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }

    /// Columns of the terminal; nil where the output goes elsewhere and nothing is cut.
    static var width: Int? { TerminalSize.current?.columns }
}

import ArgumentParser
import Explanations
import Files
import Foundation
import Synchronization

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
        try text(of: value, [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    }

    /// The same on one line, as for numbers in any quantity.
    static func line(of value: some Encodable) throws -> String {
        try text(of: value, [.sortedKeys, .withoutEscapingSlashes])
    }

    private static func text(of value: some Encodable, _ format: JSONEncoder.OutputFormatting) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = format
        encoder.dateEncodingStrategy = .iso8601
        let mark = UUID().uuidString
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: mark, negativeInfinity: mark, nan: mark)
        return String(decoding: try encoder.encode(value), as: UTF8.self).replacing("\"\(mark)\"", with: "null")
    }

    static func write(_ text: String) throws {
        try StandardStream.output.write(text + "\n")
    }

    /// Writes a file that the person named, as `OutputFile` does, and prints its name; not behind its own bytes, where
    /// it is standard output by another name.
    static func save(_ data: Data, to file: String) throws {
        if try !OutputFile.write([UInt8](data), to: file) { try write(file) }
    }

    /// Something worth a word that is no result. Where standard error takes none, the command goes on with what it is
    /// for, and fails in the end.
    static func note(_ text: String) {
        do {
            try StandardStream.error.write(text.escapingControls(keeping: "\n\t") + "\n")
        } catch {
            lostNote.withLock { $0 = $0 ?? error }
        }
    }

    /// Why the first note that could not be written was not.
    static let lostNote = Mutex<CommandFailure?>(nil)

    /// Columns that lines are cut to; nil where the output goes elsewhere, or is too narrow to cut anything.
    static var width: Int? { Terminal.current.columns }
}

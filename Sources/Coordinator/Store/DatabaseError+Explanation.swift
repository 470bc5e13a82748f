import Explanations
package import GRDB

extension DatabaseError: ExplainedError {
    /// SQLite's own sentence, such as "disk I/O error", without the statement and its number.
    package var words: String { "the state: \(sentence)" }

    /// On one line, whatever SQLite says.
    var sentence: String {
        let lines = (message ?? "").split(whereSeparator: \.isNewline)
        return lines.isEmpty ? "the database gave no reason" : lines.joined(separator: "; ")
    }
}

extension StateError {
    /// What an error of the database in `file` means for who wants to use it.
    init(_ error: DatabaseError, file: String) {
        self =
            StateObstacle(error).map { .obstructed(file: file, $0) }
            ?? .unreadable(file: file, reason: error.sentence)
    }

    /// What `PRAGMA quick_check` found, on one line and without the headings that name the database "main".
    static func damage(_ check: String?) -> String {
        let lines = (check ?? "").split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("***") }
        return lines.isEmpty ? "it is damaged" : lines.joined(separator: "; ")
    }
}

extension Database {
    /// What is wrong with the file, in words; nil where all of it is sound. Reads every page.
    func damage() throws -> String? {
        let check = try String.fetchOne(self, sql: "PRAGMA quick_check(1)")
        return check == "ok" ? nil : StateError.damage(check)
    }
}

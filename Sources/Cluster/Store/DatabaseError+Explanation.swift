import Explanations
package import GRDB

extension DatabaseError: ExplainedError {
    /// SQLite's own sentence, such as "disk I/O error", without the statement and its number.
    package var words: String { "the state: \(message ?? "the database gave no reason")" }
}

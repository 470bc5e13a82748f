import Explanations
import Messaging

/// A document that says what it may hold. What a peer sends is checked where it arrives, by its own type, before any
/// arithmetic is done with it: a document cannot be decoded without (`Document.decode`).
package protocol CheckedDocument: Codable, Sendable {
    /// Bytes of its JSON: what is longer is not even parsed.
    static var largestBytes: Int { get }

    /// Throws what is wrong, with the field.
    func check() throws(DocumentProblem)
}

extension CheckedDocument {
    package static var largestBytes: Int { Message.documentBytes }
}

/// A field of a document that holds what it must not.
package struct DocumentProblem: Error, Equatable, CustomStringConvertible {
    package var field: String
    package var expected: String
    package var got: String

    package init(field: String, expected: String, got: String) {
        self.field = field
        self.expected = expected
        self.got = got
    }

    package var description: String { "\(field): expected \(expected), got \(got)" }
}

/// Checks that many documents share. Their bounds are far beyond what is of use, and far from where arithmetic ends.
package enum Check {
    /// Exact in JSON as everyone reads it, and sums of thousands of such counts fit into an `Int`.
    package static let largestCount = 1 << 48
    /// Names of jobs, models, nodes and launches.
    package static let nameBytes = 256
    /// Ranks of a generation, slices of a batch.
    package static let ranks = 1 << 16

    package static func count(
        _ value: Int, _ field: @autoclosure () -> String, in range: ClosedRange<Int> = 0...largestCount
    ) throws(DocumentProblem) {
        guard range.contains(value) else {
            throw DocumentProblem(
                field: field(), expected: "\(range.lowerBound) to \(range.upperBound)", got: "\(value)")
        }
    }

    package static func text(
        _ text: String, _ field: @autoclosure () -> String, atMost limit: Int = nameBytes
    ) throws(DocumentProblem) {
        guard text.utf8.count <= limit else {
            throw DocumentProblem(field: field(), expected: "at most \(limit) bytes", got: "\(text.utf8.count) bytes")
        }
    }

    /// A name of a model or an alias, by its rule; `what` as a person would say it, such as "the model".
    package static func name(
        _ name: String, _ what: @autoclosure () -> String, isValid: (String) -> Bool = ClusterName.isValid,
        rule: String = ClusterName.rule
    ) throws(DocumentProblem) {
        guard isValid(name) else {
            throw DocumentProblem(field: what(), expected: rule, got: ClusterName.quoted(name))
        }
    }

    package static func length(_ count: Int, _ field: @autoclosure () -> String, atMost limit: Int)
        throws(DocumentProblem)
    {
        guard count <= limit else {
            throw DocumentProblem(field: field(), expected: "at most \(limit) entries", got: "\(count)")
        }
    }

    /// A rate, a share or a time: a loss may be anything.
    package static func finite(_ value: Double, _ field: @autoclosure () -> String) throws(DocumentProblem) {
        guard value.isFinite, value >= 0 else {
            throw DocumentProblem(field: field(), expected: "a finite number of at least 0", got: "\(value)")
        }
    }
}

extension Array: CheckedDocument where Element: CheckedDocument {
    package func check() throws(DocumentProblem) {
        for element in self { try element.check() }
    }
}

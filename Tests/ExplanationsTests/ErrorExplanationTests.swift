import Foundation
import Testing

@testable import Explanations

/// What a person reads of errors that are not ours.
@Suite struct ErrorExplanationTests {
    private func explanation(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            return error.explanation
        }
    }

    @Test func filesThatCannotBeRead() {
        let missing = URL(filePath: "/nowhere/at/all")
        #expect(
            explanation { _ = try Data(contentsOf: missing) }
                == "/nowhere/at/all cannot be read: No such file or directory")
        #expect(
            explanation { _ = try FileHandle(forReadingFrom: missing) }
                == "/nowhere/at/all cannot be read: No such file or directory")
        #expect(
            explanation { _ = try FileManager.default.contentsOfDirectory(atPath: "/nowhere") }
                == "/nowhere cannot be read: No such file or directory")
        #expect(
            explanation { _ = try String(contentsOfFile: "/proc/self/mem", encoding: .utf8) }
                == "/proc/self/mem cannot be read: Input/output error")
    }

    @Test func filesThatCannotBeWritten() {
        #expect(
            explanation {
                try FileManager.default.createDirectory(
                    at: URL(filePath: "/dev/null/x"), withIntermediateDirectories: true)
            } == "/dev/null/x cannot be written: Not a directory")
        #expect(
            explanation {
                try FileHandle(forWritingAtPath: "/dev/full")?.write(contentsOf: Data("x".utf8))
            } == "No space left on device")
        #expect(explanation { throw POSIXError(.EACCES) } == "Permission denied")
        #expect(explanation { throw CocoaError(.fileReadNoPermission) } == "Permission denied")
    }

    @Test func documents() {
        struct Document: Decodable {
            struct Part: Decodable { var size: Int }
            var parts: [Part]
        }
        func reading(_ json: String) -> String? {
            explanation { _ = try JSONDecoder().decode(Document.self, from: Data(json.utf8)) }
        }
        #expect(reading("{") == "it is not JSON")
        #expect(reading("{}") == "the document has no 'parts'")
        #expect(reading(#"{"parts": [{"size": 1}, {"size": "x"}]}"#) == "parts.[1].size is not of type Int")
        #expect(reading(#"{"parts": [{"size": 1}, {}]}"#) == "parts.[1] has no 'size'")
    }

    /// Where it is, and never the document itself.
    @Test func documentsThatCannotBeWritten() {
        struct Figure: Encodable {
            struct Part: Encodable { var loss: Double }
            var parts: [Part]
        }
        #expect(
            explanation { _ = try JSONEncoder().encode(Figure(parts: [.init(loss: 1), .init(loss: .nan)])) }
                == "parts.[1].loss: nan cannot be written")
        struct Nested: Encodable {
            var text = String(repeating: "secret ", count: 1000)
            var inner: [Nested] = []
        }
        let deep = (0..<600).reduce(Nested()) { inner, _ in Nested(inner: [inner]) }
        #expect(
            explanation { _ = try JSONEncoder().encode(deep) }
                == "the document holds what cannot be written, or is nested too deeply")
    }

    /// A value or a path of megabytes is none of a message.
    @Test func wordsOfDocumentsAreBounded() {
        enum Kind: String, Decodable { case one }
        let text = String(repeating: "x", count: 1 << 20)
        let words = explanation { _ = try JSONDecoder().decode([Kind].self, from: Data("[\"\(text)\"]".utf8)) }
        #expect(words?.hasPrefix("[0]: ") == true)
        #expect((words?.count ?? 0) < 400)
    }

    private struct Ours: Error, CustomStringConvertible { var description = "what we say" }
    private struct Theirs: ExplainedError, CustomStringConvertible {
        var description = "Library.Theirs(code: 1)"
        var words = "what we say of it"
    }

    @Test func oursSpeakForThemselvesAndTheirsAreSpokenFor() {
        #expect((Ours() as any Error).explanation == "what we say")
        #expect((Theirs() as any Error).explanation == "what we say of it")
        #expect(CancellationError().explanation == "it was cancelled")
    }
}

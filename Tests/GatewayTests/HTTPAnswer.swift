import Foundation

/// One HTTP response, taken apart.
struct HTTPAnswer: Sendable {
    struct Malformed: Error {
        var bytes: String
    }

    var status: Int
    /// By lower-case name.
    var headers: [String: String]
    var body: [UInt8]

    init(_ bytes: [UInt8]) throws {
        let separator = Array("\r\n\r\n".utf8)
        guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: separator) }) else {
            throw Malformed(bytes: String(decoding: bytes, as: UTF8.self))
        }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
        status = lines.first.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) } ?? 0
        headers = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        body = Array(bytes[(end + 4)...])
    }

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as JSON.
    var json: [String: any Sendable] {
        get throws { try JSONSerialization.jsonObject(with: Data(body)) as? [String: any Sendable] ?? [:] }
    }

    /// What an error's body says.
    var error: String {
        get throws { try json["error"] as? String ?? "" }
    }
}

extension HTTPAnswer {
    /// All that was answered over one connection, each as long as it says; those to HEAD have no bodies.
    static func all(_ bytes: [UInt8], withoutBodies: Bool = false) throws -> [HTTPAnswer] {
        var answers: [HTTPAnswer] = []
        var rest = bytes
        while !rest.isEmpty {
            var answer = try HTTPAnswer(rest)
            let length = withoutBodies ? 0 : answer.headers["content-length"].flatMap { Int($0) } ?? 0
            guard length <= answer.body.count else { throw Malformed(bytes: String(decoding: rest, as: UTF8.self)) }
            rest = Array(answer.body.dropFirst(length))
            answer.body = Array(answer.body.prefix(length))
            answers.append(answer)
        }
        return answers
    }
}

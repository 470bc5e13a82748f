import Foundation

/// What a server answered to `curl`.
struct HTTPAnswer {
    var status: Int
    /// Names in lower case.
    var headers: [String: String]
    var body: String

    func json() throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any] ?? [:]
    }
}

extension LocalCluster {
    /// A request to this cluster's gateway, made by `curl` as a stranger would make it.
    func http(
        _ method: String = "GET", _ path: String, headers: [String] = [], body: Data? = nil
    ) async throws -> HTTPAnswer {
        let file = folder.appending(path: "request-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        var arguments = ["curl", "--silent", "--show-error", "--max-time", "30", "--include", "--request", method]
        // Without this curl waits for a "100 Continue" before large bodies.
        for header in headers + ["Expect:"] { arguments += ["--header", header] }
        if let body {
            try body.write(to: file)
            arguments += ["--data-binary", "@\(file.path)"]
        }
        let result = try await Command.run(URL(filePath: "/usr/bin/env"), arguments + [try gateway() + path])
        return try HTTPAnswer(parsing: result)
    }

    func infer(_ model: String, _ body: String) async throws -> HTTPAnswer {
        try await http(
            "POST", "/v2/models/\(model)/infer", headers: ["Content-Type: application/json"], body: Data(body.utf8))
    }
}

extension HTTPAnswer {
    struct NoAnswer: Error, CustomStringConvertible {
        var description: String
    }

    init(parsing result: CommandResult) throws {
        guard let end = result.output.range(of: "\r\n\r\n") else {
            throw NoAnswer(description: "no answer: \(result.errors)")
        }
        let lines = result.output[..<end.lowerBound].components(separatedBy: "\r\n")
        status = Int(lines[0].split(separator: " ").dropFirst().first ?? "") ?? 0
        headers = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(
                in: .whitespaces)
        }
        body = String(result.output[end.upperBound...])
    }
}

import Foundation

/// The process of one rank of a launch, as the system shows it.
struct RankProcess: Sendable {
    let id: Int32
    let rank: Int
    let arguments: [String]
    let environment: [String: String]

    /// Those that these workers have started, in rank order.
    static func children(of workers: [Int32]) throws -> [RankProcess] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int32($0) }
            .filter { parent(of: $0).map(workers.contains) ?? false }
            .compactMap(RankProcess.init)
            .sorted { $0.rank < $1.rank }
    }

    /// Nil if it is none, or not yet.
    private init?(_ id: Int32) {
        let variables = Self.strings("/proc/\(id)/environ").map { $0.split(separator: "=", maxSplits: 1) }
        environment = Dictionary(
            variables.filter { $0.count == 2 }.map { (String($0[0]), String($0[1])) }, uniquingKeysWith: { $1 })
        guard let rank = environment["MARTLET_RANK"].flatMap({ Int($0) }) else { return nil }
        self.id = id
        self.rank = rank
        arguments = Self.strings("/proc/\(id)/cmdline")
    }

    /// False once it has ended, though its parent may not have noticed.
    var isRunning: Bool {
        Self.fields(of: id).map { $0[0] != "Z" } ?? false
    }

    func kill() -> Bool { Foundation.kill(id, SIGKILL) == 0 }

    private static func parent(of id: Int32) -> Int32? {
        fields(of: id).flatMap { Int32($0[1]) }
    }

    /// State, parent and so on: what stands behind the name in parentheses.
    private static func fields(of id: Int32) -> [Substring]? {
        let text = read("/proc/\(id)/stat")
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        return fields.count > 1 ? fields : nil
    }

    private static func strings(_ path: String) -> [String] {
        read(path).split(separator: "\0").map(String.init)
    }

    private static func read(_ path: String) -> String {
        let bytes = (try? FileHandle(forReadingAtPath: path)?.readToEnd()) ?? Data()
        return String(decoding: bytes, as: UTF8.self)
    }
}

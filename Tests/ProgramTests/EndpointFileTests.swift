import Foundation
import Logging
import Testing

@testable import Cluster
@testable import martlet

@Suite(.timeLimit(.minutes(10))) struct EndpointFileTests {
    @Test func itIsWrittenAgainWhenItIsGone() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "endpoint-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "gateway-0.endpoint")
        func text() -> String? { try? String(contentsOf: file, encoding: .utf8) }
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let endpoint = EndpointFile(file, logger: logger)
        let watch = Task { await endpoint.keep(every: .milliseconds(1)) }
        endpoint.write("http://127.0.0.1:8080")
        #expect(text() == "http://127.0.0.1:8080\n")
        try FileManager.default.removeItem(at: file)
        #expect(try await poll(for: .seconds(120)) { text() == "http://127.0.0.1:8080\n" })

        // Whatever else it holds is left, so that it is seen.
        try Data("something".utf8).write(to: file)
        try FileManager.default.removeItem(at: folder)
        watch.cancel()
        await watch.value
        #expect(!FileManager.default.fileExists(atPath: folder.path))
    }
}

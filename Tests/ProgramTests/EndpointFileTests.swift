import Foundation
import Logging
import Testing

@testable import LocalCluster
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

        try Data("something".utf8).write(to: file)
        #expect(try await poll(for: .seconds(120)) { text() == "http://127.0.0.1:8080\n" })
        // At once: from a folder that is emptied first, it would not go where the file is written again meanwhile.
        let gone = folder.appendingPathExtension("gone")
        defer { try? FileManager.default.removeItem(at: gone) }
        try FileManager.default.moveItem(at: folder, to: gone)
        watch.cancel()
        await watch.value
        #expect(!FileManager.default.fileExists(atPath: folder.path))
    }

    /// It may be somebody's: it is left, and told.
    @Test func aFolderInItsPlaceIsTold() throws {
        let folder = ClusterFolder(
            root: FileManager.default.temporaryDirectory.appending(path: "endpoint-\(UUID().uuidString)"))
        try folder.create()
        defer { try? FileManager.default.removeItem(at: folder.root) }
        try #require(ProcessRecord(of: getpid())).write(to: folder.processRecord(of: NodeName.coordinator))
        #expect(ClusterWarnings.endpoints(folder) == nil)
        let place = folder.endpointFile(of: NodeName.coordinator)
        try Data("tcp://127.0.0.1:7600\n".utf8).write(to: place)
        #expect(ClusterWarnings.endpoints(folder) == nil)
        try Data("something".utf8).write(to: place)
        #expect(
            ClusterWarnings.endpoints(folder)?.found == "\(place.path) does not hold the address of coordinator")
        try FileManager.default.removeItem(at: place)
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: false)
        #expect(
            ClusterWarnings.endpoints(folder)?.found
                == "\(place.path) cannot be read: it is a folder, expected a file")
    }
}

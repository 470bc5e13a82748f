import Foundation
import Logging
import Testing
import Wire

@testable import ClusterProtocol

@Suite struct IncarnationTests {
    private let folder = try! TemporaryFolder()

    /// No clock is asked, so none can be wrong.
    @Test func everyProcessHasTheNextNumber() throws {
        let data = folder.url.appending(path: "worker-0")
        for number in 1...3 as ClosedRange<UInt64> {
            #expect(try Incarnation.next(in: data, logger: .silent) == number)
        }
        #expect(try Incarnation.next(in: folder.url.appending(path: "worker-1"), logger: .silent) == 1)
    }

    /// As a power cut may leave it: the node starts, and counts on from there.
    @Test(arguments: ["", "\0\0", "seven", "-1", "\(UInt64.max)", "1 2"])
    func aCountThatIsLostBeginsAnew(_ text: String) throws {
        let file = folder.url.appending(path: "incarnation")
        try Data(text.utf8).write(to: file)
        #expect(try Incarnation.next(in: folder.url, logger: .silent) == 1)
        #expect(try Incarnation.next(in: folder.url, logger: .silent) == 2)
    }

    @Test func aFileThatCannotBeWrittenIsNamed() throws {
        let file = folder.url.appending(path: "incarnation")
        try FileManager.default.createDirectory(at: file, withIntermediateDirectories: true)
        let error = #expect(throws: Failure.self) { try Incarnation.next(in: folder.url, logger: .silent) }
        #expect(error?.message.contains(file.path) == true)
    }
}

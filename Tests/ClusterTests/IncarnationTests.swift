import Foundation
import Testing
import Wire

@testable import Cluster

@Suite struct IncarnationTests {
    private let folder = try! TemporaryFolder()

    /// No clock is asked, so none can be wrong.
    @Test func everyProcessHasTheNextNumber() throws {
        let data = folder.url.appending(path: "worker-0")
        for number in 1...3 as ClosedRange<UInt64> { #expect(try Incarnation.next(in: data) == number) }
        #expect(try Incarnation.next(in: folder.url.appending(path: "worker-1")) == 1)
    }

    @Test(arguments: ["", "seven", "-1", "\(UInt64.max)", "1 2"])
    func whatIsNoNumberIsNamed(_ text: String) throws {
        let file = folder.url.appending(path: "incarnation")
        try Data(text.utf8).write(to: file)
        let error = #expect(throws: Failure.self) { try Incarnation.next(in: folder.url) }
        #expect(error?.message.contains(file.path) == true)
    }
}

import Foundation
import Testing

@testable import Nodes

@Suite struct RankLogTests {
    private let folder = try! TemporaryFolder()

    /// Whatever the clock said when they were written.
    @Test func theLogsOfTheLastLaunchesAreKept() throws {
        let now = Date.now
        for number in 1...RankLog.count + 5 {
            let file = folder.url.appending(path: "digits-rank-1-\(number)-rank-0.log")
            _ = try RankLog(file) { _ in }
            // As if the clock had been set back by an hour before each.
            try FileManager.default.setAttributes(
                [.modificationDate: now - Double(number) * 3600], ofItemAtPath: file.path)
        }
        try Data().write(to: folder.url.appending(path: "notes.txt"))
        _ = try RankLog(folder.url.appending(path: "digits-\(RankLog.count + 6)-rank-0.log")) { _ in }
        let names = Set(try FileManager.default.contentsOfDirectory(atPath: folder.url.path))
        #expect(names.count == RankLog.count)
        #expect(!names.contains("notes.txt") && !names.contains("digits-rank-1-6-rank-0.log"))
        #expect(names.contains("digits-rank-1-8-rank-0.log"))
        #expect(names.contains("digits-\(RankLog.count + 6)-rank-0.log"))
    }
}

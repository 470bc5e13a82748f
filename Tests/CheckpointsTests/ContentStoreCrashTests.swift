import Checkpoints
import Digests
import Foundation
import Testing

/// A process that dies while it saves leaves a prefix of the new bytes under `staging/` and nothing else.
@Suite struct ContentStoreCrashTests {
    private let previous = Array("the previous checkpoint".utf8)
    private let next = Array("the next checkpoint, a little longer".utf8)

    @Test func aCrashAtAnyByteLeavesThePreviousIntact() throws {
        let temporary = try TemporaryStore()
        let kept = try temporary.store.put(previous)
        let lost = ContentDigest(of: next)
        for written in 0...next.count {
            let store = try temporary.reopened()
            try store.beginUpload("next", total: next.count)
            try next[..<written].withUnsafeBytes { try store.write("next", at: 0, $0) }

            let afterCrash = try temporary.reopened()
            #expect(try temporary.staged() == [])
            #expect(try afterCrash.contents(of: kept) == previous)
            #expect(!afterCrash.contains(lost))
            #expect(throws: StoreError.unknownUpload("next")) { try afterCrash.commit("next", expected: lost) }
        }
    }

    @Test func whatACrashTruncatedIsNotCommitted() throws {
        let temporary = try TemporaryStore()
        let store = temporary.store
        try store.beginUpload("next", total: next.count)
        try next.withUnsafeBytes { try store.write("next", at: 0, $0) }
        let staged = temporary.root.appending(path: "staging/upload-next")
        for length in (0..<next.count).reversed() {
            try FileHandle(forUpdating: staged).truncate(atOffset: UInt64(length))
            #expect(throws: StoreError.self) { try store.commit("next", expected: ContentDigest(of: next)) }
        }
        #expect(!store.contains(ContentDigest(of: next)))
    }

    @Test func aFailedWriteLeavesNothingBehind() throws {
        let temporary = try TemporaryStore()
        #expect(throws: StoreError.self) {
            try temporary.store.put(file: temporary.root.appending(path: "missing"))
        }
        #expect(try temporary.staged() == [])
    }
}

import Checkpoints
import Digests
import Foundation
import Testing

/// A store as a cache: what was used last is kept.
@Suite struct ContentCacheTests {
    private let temporary = try! TemporaryStore()
    private var store: ContentStore { temporary.store }

    /// Ten bytes each, used in this order, a second apart.
    private func fill(_ count: UInt8) throws -> [ContentDigest] {
        try (0..<count).map { number in
            let digest = try store.put([UInt8](repeating: number, count: 10))
            try use(digest, at: Double(number))
            return digest
        }
    }

    private func use(_ digest: ContentDigest, at seconds: Double) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_000_000 + seconds)],
            ofItemAtPath: store.url(of: digest).path)
    }

    @Test func whatWasUsedLongestAgoGoesFirst() throws {
        let digests = try fill(5)
        try use(digests[0], at: 9)
        #expect(try store.trim(to: 30) == ContentStore.Trimmed(bytes: 30, contents: 3, removed: 2))
        #expect(digests.map(store.contains) == [true, false, false, true, true])
    }

    @Test func belowTheLimitNothingGoes() throws {
        _ = try fill(3)
        #expect(try store.trim(to: 30) == ContentStore.Trimmed(bytes: 30, contents: 3, removed: 0))
        #expect(try store.trim(to: 29).removed == 1)
        #expect(try store.trim(to: 0) == ContentStore.Trimmed(bytes: 0, contents: 0, removed: 2))
    }

    @Test func whatIsNeededStaysOverTheLimit() throws {
        let digests = try fill(3)
        #expect(try store.trim(to: 0, keeping: [digests[0]]).bytes == 10)
        #expect(digests.map(store.contains) == [true, false, false])
    }

    @Test func usingIsNoted() throws {
        let digests = try fill(3)
        try store.touch(digests[0])
        try store.touch(ContentDigest(of: [9]))
        _ = try store.trim(to: 10)
        #expect(digests.map(store.contains) == [true, false, false])
    }

    /// As after a clock was set back by a day: what is used from then on was used last all the same.
    @Test func theOrderOfUseOutlivesTheClock() throws {
        let digests = try fill(3)
        let tomorrow = Date().timeIntervalSince1970 + 86_400
        for (index, digest) in digests.enumerated() { try use(digest, at: tomorrow - 1_000_000 + Double(index)) }
        #expect(try store.trim(to: 30).removed == 0)
        try store.touch(digests[1])
        try store.touch(digests[0])
        _ = try store.trim(to: 20)
        #expect(digests.map(store.contains) == [true, true, false])
        _ = try store.trim(to: 10)
        #expect(digests.map(store.contains) == [true, false, false])
    }

    @Test func aLinkIsContentOfItsOwn() throws {
        let other = try TemporaryStore()
        let digest = try other.store.put([1, 2, 3])
        try store.link(digest, from: other.store)
        try store.link(digest, from: other.store)
        try other.store.remove(digest)
        #expect(try store.contents(of: digest) == [1, 2, 3])
        #expect(throws: StoreError.self) { try store.link(ContentDigest(of: [9]), from: other.store) }
    }
}

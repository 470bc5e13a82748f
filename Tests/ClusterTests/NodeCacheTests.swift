import Checkpoints
import Digests
import Foundation
import Testing

@testable import Cluster

@Suite struct NodeCacheTests {
    private let folder = try! TemporaryFolder()

    private func cache(limit: Int) throws -> NodeCache {
        try NodeCache(in: folder.url, limit: limit, logger: .silent)
    }

    @Test func itIsBroughtBelowItsLimitWhenWorkIsOver() async throws {
        let cache = try cache(limit: 100)
        for number in 0..<20 as Range<UInt8> { _ = try cache.store.put([UInt8](repeating: number, count: 10)) }
        await cache.settle()
        #expect(cache.report == CacheReport(bytes: 100, limit: 100, evictions: 10))
        #expect(try cache.store.contents().count == 10)
    }

    /// One load is over while another has fetched what it is about to read.
    @Test func whatOtherWorkNeedsStays() async throws {
        let cache = try cache(limit: 10)
        let needed = try cache.store.put([UInt8](repeating: 1, count: 40))
        cache.need([needed])
        cache.need([needed])
        _ = try cache.store.put([UInt8](repeating: 2, count: 40))
        await cache.settle()
        #expect(try cache.store.contents() == [needed])
        cache.giveBack([needed])
        await cache.settle()
        #expect(try cache.holds(needed))
        cache.giveBack([needed])
        await cache.settle()
        #expect(try cache.store.contents() == [])
    }

    /// What a process before it left counts too.
    @Test func itIsBroughtBelowItsLimitAtTheStart() throws {
        let before = try cache(limit: 1000)
        for number in 0..<20 as Range<UInt8> { _ = try before.store.put([UInt8](repeating: number, count: 10)) }
        #expect(try cache(limit: 50).report == CacheReport(bytes: 50, limit: 50, evictions: 15))
    }

    /// One byte that is another one, bytes that are missing, bytes too many: the cache does not hold it then, and what
    /// is left of it is gone.
    @Test(arguments: [[1, 2, 4], [1, 2], [], [1, 2, 3, 0]] as [[UInt8]])
    func damagedContentIsNotHeld(_ bytes: [UInt8]) throws {
        let cache = try cache(limit: 100)
        let digest = try cache.store.put([1, 2, 3])
        #expect(try cache.holds(digest))
        #expect(cache.report.damaged == nil)
        try Data(bytes).write(to: cache.store.url(of: digest))
        #expect(try !cache.holds(digest))
        #expect(!cache.store.contains(digest))
        #expect(cache.report.damaged == 1)
        // From now on it is content as any that was never here.
        #expect(try !cache.holds(digest))
        #expect(cache.report.damaged == 1)
    }
}

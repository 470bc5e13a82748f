import Checkpoints
import Digests
import Foundation
import Testing

@testable import ClusterProtocol
@testable import Nodes

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
        #expect(cache.holds(needed))
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
        #expect(cache.holds(digest))
        #expect(cache.report.damaged == nil)
        try Data(bytes).write(to: cache.store.url(of: digest))
        #expect(!cache.holds(digest))
        #expect(!cache.store.contains(digest))
        #expect(cache.report.damaged == 1)
        // From now on it is content as any that was never here.
        #expect(!cache.holds(digest))
        #expect(cache.report.damaged == 1)
    }

    /// Of what lies in the place of a content: it is fetched again, and no process ends because of it.
    @Test(arguments: ["", "file"])
    func aFolderInThePlaceOfAContentIsNotHeld(_ file: String) async throws {
        let cache = try cache(limit: 100)
        let digest = try cache.store.put([1, 2, 3])
        let place = cache.store.url(of: digest)
        try FileManager.default.removeItem(at: place)
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        if !file.isEmpty { try Data().write(to: place.appending(path: file)) }
        await cache.settle()
        #expect(!cache.holds(digest))
        #expect(cache.report.damaged == 1)
        #expect(try cache.store.put([1, 2, 3]) == digest)
        #expect(cache.holds(digest))
    }

    @Test func aNodeStartsWhateverLiesInItsCache() throws {
        let before = try cache(limit: 100)
        let digests = try (0..<4 as Range<UInt8>).map { try before.store.put([$0]) }
        let places = digests.map(before.store.url)
        for place in places[..<3] { try FileManager.default.removeItem(at: place) }
        try FileManager.default.createSymbolicLink(at: places[0], withDestinationURL: places[0])
        let folder = places[1].deletingLastPathComponent()
        try FileManager.default.removeItem(at: folder)
        try FileManager.default.createSymbolicLink(at: folder, withDestinationURL: folder)
        try #require(mkfifo(places[2].path, 0o600) == 0)
        let cache = try cache(limit: 100)
        #expect(cache.report == CacheReport(bytes: 1, limit: 100, evictions: 0, damaged: 3))
        #expect(digests.map(cache.holds) == [false, false, false, true])
        // What was in the way is gone.
        #expect(try self.cache(limit: 100).report.damaged == nil)
    }
}

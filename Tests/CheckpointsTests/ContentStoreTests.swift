import Checkpoints
import Digests
import Foundation
import Testing

@Suite struct ContentStoreTests {
    private let content = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }

    @Test func storedContentComesBack() throws {
        let temporary = try TemporaryStore()
        let store = temporary.store
        let digest = try store.put(content)
        #expect(digest == ContentDigest(of: content))
        #expect(store.contains(digest))
        #expect(try store.size(of: digest) == content.count)
        #expect(try store.contents(of: digest) == content)
        #expect(try store.read(digest, at: 2_999_990, count: 100) == Array(content.suffix(10)))
        #expect(try Data(contentsOf: store.url(of: digest)) == Data(content))
        #expect(try store.put(file: store.url(of: digest)) == digest)
        #expect(try store.put([]) == ContentDigest(of: []))
        #expect(try temporary.staged() == [])
        try temporary.reopened().verify(digest)
    }

    @Test func piecesBecomeOneContent() throws {
        let temporary = try TemporaryStore()
        let digest = try temporary.store.put { write in
            for start in stride(from: 0, to: content.count, by: 700_000) {
                try content[start..<min(start + 700_000, content.count)].withUnsafeBytes { try write($0) }
            }
        }
        #expect(digest == ContentDigest(of: content))
        #expect(try temporary.store.contents(of: digest) == content)
        struct Interrupted: Error {}
        #expect(throws: Interrupted.self) {
            try temporary.store.put { write in
                try content.withUnsafeBytes { try write($0) }
                throw Interrupted()
            }
        }
        #expect(try temporary.staged() == [])
        #expect(try temporary.store.contents() == [digest])
    }

    @Test func contentMovesFromOneStoreToAnother() throws {
        let (from, to) = (try TemporaryStore(), try TemporaryStore())
        let digest = try from.store.put(content)
        // A damaged copy is replaced by the whole one.
        _ = try to.store.put(content)
        try Data([1]).write(to: to.store.url(of: digest))
        try to.store.adopt(digest, from: ContentStore(openedElsewhere: from.store.root))
        #expect(try to.store.contents(of: digest) == content)
        #expect(!from.store.contains(digest))
        #expect(throws: StoreError.notFound(digest)) { try to.store.adopt(digest, from: from.store) }
        #expect(try to.store.freeBytes() > 0)
    }

    @Test func missingContentIsNamed() throws {
        let temporary = try TemporaryStore()
        let store = temporary.store
        let digest = ContentDigest(of: [1])
        #expect(!store.contains(digest))
        #expect(throws: StoreError.notFound(digest)) { try store.contents(of: digest) }
        #expect(throws: StoreError.notFound(digest)) { try store.verify(digest) }
        #expect(throws: StoreError.notFound(digest)) { try store.read(digest, at: 0, count: 1) }
        let kept = try store.put([2])
        try store.remove(digest)
        try store.remove(kept)
        #expect(!store.contains(kept))
    }

    @Test(arguments: [0, 1_500_000, 2_999_999])
    func aFlippedByteIsFound(place: Int) throws {
        let temporary = try TemporaryStore()
        let store = temporary.store
        let digest = try store.put(content)
        var damaged = content
        damaged[place] ^= 1
        try Data(damaged).write(to: store.url(of: digest))
        let error = StoreError.corrupted(digest, found: ContentDigest(of: damaged))
        #expect(throws: error) { try store.verify(digest) }
        #expect(throws: error) { try store.contents(of: digest) }
        #expect(try store.put(content) == digest)
        try store.verify(digest)
    }

    @Test func partsArriveInAnyOrderFromAnySender() throws {
        let temporary = try TemporaryStore()
        let store = temporary.store
        let digest = ContentDigest(of: content)
        for rank in 0..<3 {
            try store.beginUpload("job-1.model", total: content.count)
            for start in stride(from: rank * 1_000_000, to: (rank + 1) * 1_000_000, by: 300_000).reversed() {
                let end = min(start + 300_000, (rank + 1) * 1_000_000)
                try content[start..<end].withUnsafeBytes { try store.write("job-1.model", at: start, $0) }
            }
        }
        #expect(!store.contains(digest))
        try store.commit("job-1.model", expected: digest)
        #expect(try store.contents(of: digest) == content)
        #expect(try temporary.staged() == [])
        #expect(throws: StoreError.unknownUpload("job-1.model")) {
            try store.commit("job-1.model", expected: digest)
        }
    }

    @Test func anIncompleteUploadIsNotCommittedAndCanBeCompleted() throws {
        let temporary = try TemporaryStore()
        let store = temporary.store
        let bytes: [UInt8] = [1, 2, 3, 4]
        try store.beginUpload("a", total: 4)
        try bytes[0..<2].withUnsafeBytes { try store.write("a", at: 0, $0) }
        #expect(
            throws: StoreError.uploadDiffers(
                "a", expected: ContentDigest(of: bytes), found: ContentDigest(of: [1, 2, 0, 0]))
        ) { try store.commit("a", expected: ContentDigest(of: bytes)) }
        try bytes[2..<4].withUnsafeBytes { try store.write("a", at: 2, $0) }
        try store.commit("a", expected: ContentDigest(of: bytes))
        #expect(try store.contents(of: ContentDigest(of: bytes)) == bytes)
    }

    @Test func misuseOfUploadsIsRefused() throws {
        let temporary = try TemporaryStore(limits: .init(uploadBytes: 100, uploads: 2))
        let store = temporary.store
        try store.beginUpload("a", total: 100)
        try store.beginUpload("b", total: 0)
        #expect(throws: StoreError.uploadSizeDiffers("a", begun: 100, asked: 99)) {
            try store.beginUpload("a", total: 99)
        }
        #expect(throws: StoreError.tooLarge(101, limit: 100)) { try store.beginUpload("c", total: 101) }
        #expect(throws: StoreError.tooLarge(-1, limit: 100)) { try store.beginUpload("c", total: -1) }
        #expect(throws: StoreError.tooManyUploads(limit: 2)) { try store.beginUpload("c", total: 1) }
        try store.abandonUpload("b")
        try store.beginUpload("c", total: 1)
        let bytes = [UInt8](repeating: 1, count: 10)
        for offset in [-1, 91, 100, Int.max] {
            #expect(throws: StoreError.self) { try bytes.withUnsafeBytes { try store.write("a", at: offset, $0) } }
        }
        for id in ["", "../a", "a/b", ".hidden", "a b", String(repeating: "x", count: 129)] {
            #expect(throws: StoreError.badIdentifier(id)) { try store.beginUpload(id, total: 1) }
        }
    }
}

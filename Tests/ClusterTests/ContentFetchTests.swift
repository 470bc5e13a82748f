import Checkpoints
import Datasets
import Digests
import Foundation
import Testing
import Wire

@testable import ClusterProtocol
@testable import JobProtocol
@testable import Nodes

/// Content on its way from the coordinator's store into a node's cache.
@Suite struct ContentFetchTests {
    private let cluster = try! TestCluster()

    /// With a worker, and a shard that the coordinator has for it.
    private func withShard(
        _ body: @Sendable (ControlLink, ContentDigest, NodeCache) async throws -> Void
    ) async throws {
        let worker = try TestNode("worker-0", .worker, in: cluster)
        let cache = try cluster.cache()
        try await cluster.withCoordinator { client in
            try await withNodes([worker]) {
                _ = try await client.submit(specification: cluster.job(workers: 1), source: "")
                let assignment = try await worker.assignment(generation: 1)
                try await body(worker.control, assignment.plan.training[0].digest, cache)
            }
        }
    }

    @Test func damagedContentOfACacheIsFetchedAgain() async throws {
        try await withShard { control, digest, cache in
            try await control.fetch(digest, into: cache)
            let whole = try cache.store.contents(of: digest)
            _ = try cache.store.damage(digest)
            try await control.fetch(digest, into: cache)
            #expect(try cache.store.contents(of: digest) == whole)
            #expect(cache.report.damaged == 1)
            // And what is whole stays where it is.
            try FileManager.default.removeItem(at: cluster.contents.url(of: digest))
            try await control.fetch(digest, into: cache)
            #expect(cache.report.damaged == 1)
        }
    }

    @Test func damageInTheCoordinatorsStoreIsToldAsSuch() async throws {
        try await withShard { control, digest, cache in
            let found = try cluster.contents.damage(digest)
            let error = await #expect(throws: ContentProblem.self) { try await control.fetch(digest, into: cache) }
            #expect(error == .damaged(digest, found: found))
            #expect(
                error?.description
                    == "content \(digest) in the coordinator's store is damaged, its bytes have the digest \(found); "
                    + "restore the coordinator from a backup, or train again what it belongs to")
            #expect(!cache.store.contains(digest))
            #expect(try cache.store.uploads() == [])
        }
    }

    @Test func theSameWrongBytesTwiceAreTheCoordinatorsAndOthersAreNot() {
        let digest = ContentDigest.fake("wanted")
        let same = ContentProblem(digest, received: [.fake("x"), .fake("x")], by: "worker-0")
        #expect(same == .damaged(digest, found: .fake("x")) && same.isOfTheCoordinator)
        let other = ContentProblem(digest, received: [.fake("x"), .fake("y")], by: "worker-0")
        #expect(other == .changedOnTheWay(digest, node: "worker-0") && !other.isOfTheCoordinator)
        #expect(ContentProblem.missing(digest).isOfTheCoordinator)
    }

    @Test(arguments: [ENOSPC, EDQUOT])
    func aFullDiskOfTheNodeIsToldAsSuch(_ code: Int32) throws {
        let digest = ContentDigest.fake("wanted")
        let folder = URL(filePath: "/data/nodes/worker-1/cache", directoryHint: .notDirectory)
        let full = StoreError.fileSystem(
            operation: "write", path: "/data/staging/upload-fetch-1", reason: String(cString: strerror(code)))
        let told = ContentProblem.explaining(full, of: digest, on: "worker-1", in: folder)
        let problem = try #require(told as? ContentProblem)
        #expect(problem == .noRoom(digest, node: "worker-1", folder: "/data/nodes/worker-1/cache"))
        #expect(ContentProblem.isOfNoRoom(problem) && !problem.isOfTheCoordinator)
        let words =
            "no room for content \(digest.short) on the disk of 'worker-1': make room where "
            + "/data/nodes/worker-1/cache is"
        #expect(GenerationRunner.ending(for: problem) == .foundNoRoom(reason: words))

        let other = StoreError.fileSystem(operation: "write", path: "/x", reason: "Input/output error")
        let same = ContentProblem.explaining(other, of: digest, on: "worker-1", in: folder) as? StoreError
        #expect(same == other)
        #expect(
            GenerationRunner.ending(for: other)
                == .failed(reason: "write /x: Input/output error", permanent: false))
    }

    /// What a worker of a former version says of a failure.
    @Test func aFailureWithoutAWordOfRoomIsAFailure() throws {
        let json = #"{"job": "digits-1", "generation": 1, "rank": 0, "reason": "no", "permanent": false}"#
        let report = try JSONDecoder().decode(GenerationFailed.self, from: Data(json.utf8))
        #expect(report.noRoom == nil)
    }
}

extension ContentStore {
    /// Makes one digit of some content another one, so that it still reads as what it was, or another bit where there is
    /// none. Returns the digest of what it is then.
    func damage(_ digest: ContentDigest) throws -> ContentDigest {
        var bytes = Array(try Data(contentsOf: url(of: digest)))
        if let place = bytes.lastIndex(of: UInt8(ascii: "3")) {
            bytes[place] = UInt8(ascii: "4")
        } else {
            bytes[bytes.count - 1] ^= 1
        }
        try Data(bytes).write(to: url(of: digest))
        return ContentDigest(of: bytes)
    }
}

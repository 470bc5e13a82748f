import JobProtocol
import Checkpoints
import Foundation
import GRDB
import Glibc
import Testing
import Training
import Wire

@testable import ClusterProtocol
@testable import Coordinator

/// A disk that takes nothing for a while.
@Suite struct StorageProblemTests {
    private let cluster = try! TestCluster()

    @Test func theDisksWordsAreOurs() {
        let full = StoreError.fileSystem(operation: "write", path: "/x", reason: String(cString: strerror(ENOSPC)))
        #expect(StorageProblem.words(for: full) == "disk full")
        #expect(StorageProblem.words(for: DatabaseError(resultCode: .SQLITE_FULL, sql: "INSERT")) == "disk full")
        let other = StoreError.fileSystem(operation: "write", path: "/x", reason: "Input/output error")
        #expect(StorageProblem.words(for: other) == "write /x: Input/output error")
        let written = CocoaError(.fileWriteOutOfSpace)
        #expect(StorageProblem.isFull(full) && StorageProblem.isFull(written) && !StorageProblem.isFull(other))
        #expect(StorageProblem.words(for: written) == "disk full")
        #expect(!StorageProblem.isFull(CocoaError(.fileReadNoSuchFile)))
        // The system's own word for it.
        let refused = #expect(throws: (any Error).self) {
            try Data(count: 1).write(to: URL(filePath: "/dev/full"))
        }
        #expect(refused.map(StorageProblem.isFull) == true, "\(String(describing: refused))")
    }

    @Test func aJobWhoseDataCannotBeStoredSaysSoAndIsPreparedWhenThereIsRoom() async throws {
        let room = cluster.folder.url.appending(path: "room")
        let cluster = TestCluster(
            like: cluster,
            preparer: .child(
                executable: "/bin/sh", arguments: ["-c", "test -e \(room.path) || exit 73; exit 3"]))
        try await cluster.withCoordinator { client in
            _ = try await client.submit(specification: cluster.job(workers: 1), source: "")
            try await eventually("the job says why it does not go on") {
                try await client.job("digits-1").storageProblem == "cannot store: disk full"
            }
            cluster.time.advance(by: .seconds(5))
            #expect(try await client.job("digits-1").state == .preparing)
            // What makes room works meanwhile.
            _ = try cluster.contents.put(Array("orphan".utf8))
            let collection = try await client.collect()
            #expect(collection.contents == 1 && collection.skipped == nil)
            try Data().write(to: room)
            try await eventually("it is prepared, for better or worse") {
                cluster.time.advance(by: .seconds(1))
                return try await client.job("digits-1").detail.contains("ended with status 3")
            }
        }
    }

    @Test func aJobIsEndedOnAFullDiskAndItsEndIsStoredWhenThereIsRoom() async throws {
        let worker = try TestNode("worker-0", .worker, in: cluster)
        try await cluster.withCoordinator { client in
            try await withNodes([worker]) {
                _ = try await client.submit(specification: cluster.job(workers: 1), source: "")
                _ = try await worker.assignment(generation: 1)
                let disk = try cluster.openState()
                try await disk.write {
                    try $0.execute(
                        sql: "CREATE TRIGGER full BEFORE INSERT ON jobs BEGIN SELECT RAISE(ABORT, 'disk full'); END")
                }
                let answer = try await client.cancel("digits-1")
                #expect(answer.state == .waiting)
                #expect(answer.detail == "stopped; cancelled as soon as the coordinator can store that")
                try await eventually("the worker leaves it") { worker.state.stops.map(\.generation) == [1] }
                #expect(try await client.job("digits-1").state == .waiting)
                try await disk.write { try $0.execute(sql: "DROP TRIGGER full") }
                try await eventually("it is cancelled") {
                    let seen = try await client.status().nodes.first { $0.name == "worker-0" }?.lastSeen
                    if let seen, cluster.time.now.date.timeIntervalSince(seen) < 0.5 {
                        cluster.time.advance(by: .milliseconds(500))
                    }
                    return try await client.job("digits-1").state == .cancelled
                }
                #expect(worker.state.assignments.count == 1)
            }
        }
    }

    @Test func aJobWhoseStateCannotBeStoredSaysSoAndGoesOnByItself() async throws {
        let worker = try TestNode("worker-0", .worker, in: cluster)
        try await cluster.withCoordinator { client in
            try await withNodes([worker]) {
                _ = try await client.submit(specification: cluster.job(workers: 1), source: "")
                let assignment = try await worker.assignment(generation: 1)
                let disk = try cluster.openState()
                try await disk.write {
                    try $0.execute(
                        sql: "CREATE TRIGGER full BEFORE INSERT ON jobs BEGIN SELECT RAISE(ABORT, 'disk full'); END")
                }
                let commit = Task { try await TestCheckpoint(step: 1).commit(assignment, by: [worker]) }
                try await eventually("the job says why it does not go on") {
                    try await client.job("digits-1").storageProblem == "cannot store: disk full"
                }
                #expect(try await client.jobs().jobs.first?.storageProblem == "cannot store: disk full")
                #expect(try await client.status().jobs.first?.storageProblem == "cannot store: disk full")
                try await disk.write { try $0.execute(sql: "DROP TRIGGER full") }
                // Time passes, but never so much that the worker is missed.
                try await eventually("the checkpoint is committed") {
                    let seen = try await client.status().nodes.first { $0.name == "worker-0" }?.lastSeen
                    if let seen, cluster.time.now.date.timeIntervalSince(seen) < 0.5 {
                        cluster.time.advance(by: .milliseconds(500))
                    }
                    return try await client.job("digits-1").curve.map(\.step) == [1]
                }
                try await commit.value
                #expect(try await client.job("digits-1").storageProblem == nil)
                #expect(try await client.job("digits-1").generation == 1)
            }
        }
    }

    @Test func uploadsThatTheDiskDoesNotTakeAreRepeatedUntilItDoes() async throws {
        let worker = try TestNode("worker-0", .worker, in: cluster)
        try await cluster.withCoordinator { client in
            try await withNodes([worker]) {
                _ = try await client.submit(specification: cluster.job(workers: 1), source: "")
                let assignment = try await worker.assignment(generation: 1)
                // Where the store is there is nothing to write to.
                let store = cluster.configuration.storeFolder
                let away = store.appendingPathExtension("away")
                try FileManager.default.moveItem(at: store, to: away)
                try Data().write(to: store)
                let commit = Task { try await TestCheckpoint(step: 1).commit(assignment, by: [worker]) }
                try await eventually("the job says why it does not go on") {
                    try await client.job("digits-1").storageProblem?.hasPrefix("cannot store: ") == true
                }
                // In one step: a store that is missing is made anew by the upload that is repeated.
                let link = store.appendingPathExtension("link")
                try FileManager.default.createSymbolicLink(at: link, withDestinationURL: away)
                try #require(rename(link.path, store.path) == 0)
                try await commit.value
                #expect(try await client.job("digits-1").storageProblem == nil)
                #expect(try await client.job("digits-1").generation == 1)
            }
        }
    }

    /// A worker is given up, which the disk does not take; a promotion that is overdue ends all the same.
    @Test func whatCannotBeStoredOfOneThingHoldsUpNoOther() async throws {
        let worker = try TestNode("worker-0", .worker, in: cluster)
        let replica = try TestNode("inference-0", .inference, in: cluster)
        try await cluster.withCoordinator { client in
            try await withNodes([replica]) {
                let promotion = try await withNodes([worker]) {
                    _ = try await client.submit(specification: cluster.job(workers: 1), source: "")
                    let first = try await worker.assignment(generation: 1)
                    let checkpoint = TestCheckpoint(step: 1)
                    try await checkpoint.commit(first, by: [worker])
                    try await worker.control.call(checkpoint.finished(first))
                    worker.change { $0.report.worker = WorkerReport() }
                    let promotion = Task { try await client.promote("digits", version: 1, to: "production") }
                    try await eventually("it is to be loaded") { !replica.state.loads.isEmpty }
                    _ = try await client.submit(specification: cluster.job(workers: 1), source: "")
                    _ = try await worker.assignment(generation: 2)
                    return promotion
                }
                let disk = try cluster.openState()
                try await disk.write {
                    try $0.execute(
                        sql: "CREATE TRIGGER full BEFORE INSERT ON jobs BEGIN SELECT RAISE(ABORT, 'disk full'); END")
                }
                let clock = Task {
                    while !Task.isCancelled {
                        let seen = try await client.status().nodes.first { $0.name == "inference-0" }?.lastSeen
                        if let seen, cluster.time.now.date.timeIntervalSince(seen) < 0.5 {
                            cluster.time.advance(by: .milliseconds(500))
                        }
                    }
                }
                defer { clock.cancel() }
                let error = await #expect(throws: Failure.self) { try await promotion.value }
                #expect(error?.code == .deadlineExceeded, "\(String(describing: error))")
                #expect(try await client.job("digits-2").storageProblem == "cannot store: disk full")
                try await disk.write { try $0.execute(sql: "DROP TRIGGER full") }
                try await eventually("the worker is given up") {
                    try await client.job("digits-2").state == .waiting
                }
            }
        }
    }
}

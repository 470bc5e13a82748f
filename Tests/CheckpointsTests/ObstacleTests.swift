import Checkpoints
import Digests
import Foundation
import Testing

/// What somebody, or a disk, puts in the place of a file or a folder of a store.
enum Obstacle: CaseIterable {
    case emptyFolder, fullFolder, pipe, linkToItself, file

    func put(at place: URL) throws {
        let files = FileManager.default
        try? files.removeItem(at: place)
        try files.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
        switch self {
        case .emptyFolder: try files.createDirectory(at: place, withIntermediateDirectories: false)
        case .fullFolder:
            try files.createDirectory(at: place.appending(path: "a"), withIntermediateDirectories: true)
        case .pipe: try #require(mkfifo(place.path, 0o600) == 0)
        case .linkToItself: try files.createSymbolicLink(at: place, withDestinationURL: place)
        case .file: try Data([0]).write(to: place)
        }
    }
}

/// One bad entry costs only itself, and is written over.
@Suite(.timeLimit(.minutes(10))) struct ObstacleTests {
    private let temporary = try! TemporaryStore()
    private var store: ContentStore { temporary.store }
    private let bytes: [UInt8] = [1, 2, 3]

    private func upload(_ bytes: [UInt8]) throws {
        try store.beginUpload("a", total: bytes.count)
        try bytes.withUnsafeBytes { try store.write("a", at: 0, $0) }
        try store.commit("a", expected: ContentDigest(of: bytes))
    }

    /// Among the folders of contents, and beside them.
    @Test func whatIsNoContentIsNamedForWhatItIs() throws {
        let digest = try store.put(bytes)
        let junk = store.root.appending(path: "objects/junk")
        try Data().write(to: junk)
        let listing = try store.listing()
        #expect(listing.contents.map(\.digest) == [digest])
        #expect(
            listing.obstacles.map(\.description) == ["\(junk.path) is no folder, and lies where one of contents should"]
        )
        #expect(try store.strays() == [])
        for name in ["notes", "other"] { try Data().write(to: store.root.appending(path: name)) }
        #expect(
            try store.strays(besides: ["other"]).map(\.description) == [
                "\(store.root.appending(path: "notes").path) is no content: it lies beside them"
            ])
    }

    @Test(arguments: Obstacle.allCases)
    func inThePlaceOfAContent(_ obstacle: Obstacle) throws {
        let digest = try store.put(bytes)
        let other = try store.put([4])
        let place = store.url(of: digest)
        try obstacle.put(at: place)
        #expect(throws: StoreError.self) { try store.verify(digest) }
        #expect(store.contains(digest) == (obstacle == .file))
        let listing = try temporary.reopened().listing()
        #expect(Set(listing.contents.map(\.digest)) == (obstacle == .file ? [digest, other] : [other]))
        #expect(listing.obstacles.count == (obstacle == .file ? 0 : 1))
        if obstacle == .pipe { #expect("\(listing.obstacles)".contains("is a pipe, and lies where a content should")) }

        #expect(try store.put(bytes) == digest)
        try store.verify(digest)
        try obstacle.put(at: place)
        try upload(bytes)
        try store.verify(digest)
        try obstacle.put(at: place)
        try store.remove(digest)
        #expect(throws: StoreError.notFound(digest)) { try store.verify(digest) }
        try store.verify(other)
    }

    @Test(arguments: [Obstacle.pipe, .linkToItself, .file])
    func inThePlaceOfAFolder(_ obstacle: Obstacle) throws {
        let digest = try store.put(bytes)
        let other = try store.put([4])
        let folder = store.url(of: digest).deletingLastPathComponent()
        try obstacle.put(at: folder)
        let listing = try temporary.reopened().listing()
        #expect(listing.contents.map(\.digest) == [other])
        #expect(listing.obstacles.count == 1)
        #expect("\(listing.obstacles)".contains(folder.lastPathComponent))
        #expect(throws: StoreError.notFound(digest)) { try store.verify(digest) }
        try store.remove(digest)
        #expect(try store.trim(to: 0).removed == 1)
        try upload(bytes)
        try store.verify(digest)
    }

    /// It may be somebody's: it is not removed, and a link may lead to a disk that is not mounted.
    @Test func inThePlaceOfAllFolders() throws {
        _ = try store.put(bytes)
        let objects = store.root.appending(path: "objects")
        try Obstacle.file.put(at: objects)
        _ = try temporary.reopened()
        let kept = try store.strays()
        #expect(kept.count == 1 && "\(kept)".contains("objects.aside-"))
        try FileManager.default.removeItem(at: objects)
        try FileManager.default.createSymbolicLink(
            at: objects, withDestinationURL: store.root.appending(path: "not mounted"))
        #expect(
            throws: StoreError.obstacle(
                path: objects.path, found: "a link that leads nowhere: mount or make what it leads to")
        ) { try temporary.reopened() }
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: objects.path).hasSuffix("not mounted"))
    }

    @Test func whatIsCalledOtherwiseIsNoContent() throws {
        let digest = try store.put(bytes)
        let stray = store.root.appending(path: "objects/README")
        try Data([1]).write(to: stray)
        try Data([1]).write(to: store.url(of: digest).appendingPathExtension("old"))
        let listing = try store.listing()
        #expect(listing.contents.map(\.digest) == [digest])
        #expect(listing.obstacles.count == 2)
        store.clear(listing.obstacles)
        #expect(!FileManager.default.fileExists(atPath: stray.path))
        #expect(try store.listing().obstacles == [])
    }

    @Test(arguments: ["staging", "objects", ""])
    func foldersThatAreGoneAreMadeAgain(_ folder: String) throws {
        let gone = store.root.appending(path: folder)
        try FileManager.default.removeItem(at: gone)
        #expect(try store.contents() == [] && store.uploads() == [] && store.trim(to: 0).removed == 0)
        #expect(try store.put(bytes) == ContentDigest(of: bytes))
        try FileManager.default.removeItem(at: gone)
        try upload(bytes)
        #expect(try store.contents() == [ContentDigest(of: bytes)])
        let other = try TemporaryStore()
        let digest = try other.store.put([4])
        try FileManager.default.removeItem(at: gone)
        try store.adopt(digest, from: other.store)
        try store.verify(digest)
    }
}

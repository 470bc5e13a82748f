public import Digests
import Files
import Foundation

extension ContentStore {
    /// What a store holds, by what the file system says: no content is read.
    public struct Listing: Sendable {
        public struct Entry: Sendable {
            public var digest: ContentDigest
            public var bytes: Int
            var used: timespec
        }

        /// In no order.
        public var contents: [Entry] = []
        /// What lies among the contents and is none, or cannot be looked at: it costs nothing but itself.
        public var obstacles: [StoreError] = []
    }

    /// All that is stored, in no order. For sweeps: it reads every folder.
    public func contents() throws -> [ContentDigest] {
        try listing().contents.map(\.digest)
    }

    /// Reads every folder. Throws where the store itself cannot be read; one that is gone holds nothing.
    public func listing() throws -> Listing {
        var listing = Listing()
        for folder in try Self.names(in: objects) {
            let place = objects.appending(path: folder)
            do {
                for name in try Self.names(in: place) {
                    try look(at: place.appending(path: name), named: folder + name, &listing)
                }
            } catch let obstacle as StoreError {
                listing.obstacles.append(obstacle)
            }
        }
        return listing
    }

    /// What lies beside the folders of the store and is none of it, but for `others`, by name.
    public func strays(besides others: Set<String> = []) throws -> [StoreError] {
        let known = others.union([objects.lastPathComponent, staging.lastPathComponent])
        return try Self.names(in: root).filter { !known.contains($0) }.sorted().map {
            .obstacle(
                path: root.appending(path: $0).path(percentEncoded: false), found: "no content: it lies beside them")
        }
    }

    private func look(at place: URL, named name: String, _ listing: inout Listing) throws {
        let path = place.path(percentEncoded: false)
        guard let digest = ContentDigest(hexadecimal: name) else {
            listing.obstacles.append(.obstacle(path: path, found: "no content: no digest is called so"))
            return
        }
        var status = stat()
        guard stat(path, &status) == 0 else {
            // One that was removed meanwhile is none.
            let problem = StoredFile.failure("stat", path)
            if lstat(path, &status) == 0 { listing.obstacles.append(problem) }
            return
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            listing.obstacles.append(
                .obstacle(
                    path: path, found: "\(FileKind.name(of: status.st_mode)), and lies where a content should"))
            return
        }
        listing.contents.append(
            Listing.Entry(digest: digest, bytes: Int(status.st_size), used: status.st_mtim))
    }
}

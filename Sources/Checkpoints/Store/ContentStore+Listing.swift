public import Digests
internal import Foundation

extension ContentStore {
    /// All that is stored, in no order. For sweeps: it reads every folder.
    public func contents() throws -> [ContentDigest] {
        let files = FileManager.default
        let folders = try files.contentsOfDirectory(atPath: objects.path(percentEncoded: false))
        return try folders.flatMap { folder in
            try files.contentsOfDirectory(atPath: objects.appending(path: folder).path(percentEncoded: false))
                .compactMap { ContentDigest(hexadecimal: folder + $0) }
        }
    }
}

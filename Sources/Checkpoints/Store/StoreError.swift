public import Digests

/// Why the store could not do what it was asked.
public enum StoreError: Error, Equatable, CustomStringConvertible {
    /// The system call that failed, on which file, and what the system says of it.
    case fileSystem(operation: String, path: String, reason: String)
    /// Something lies where a file or a folder of the store should, and is none.
    case obstacle(path: String, found: String)
    /// The file ended before the bytes that were asked for.
    case endOfFile(path: String, offset: Int)
    case notFound(ContentDigest)
    /// The stored bytes are not those that the digest names: the disk or somebody changed them.
    case corrupted(ContentDigest, found: ContentDigest)
    /// Letters, digits, `.`, `_` and `-` make an identifier, 1 to 128 of them, the first not a `.`.
    case badIdentifier(String)
    case unknownUpload(String)
    case uploadSizeDiffers(String, begun: Int, asked: Int)
    case outsideOfUpload(String, range: Range<Int>, total: Int)
    /// What was uploaded is not what was announced, or not all of it.
    case uploadDiffers(String, expected: ContentDigest, found: ContentDigest)
    case tooLarge(Int, limit: Int)
    case tooManyUploads(limit: Int)

    public var description: String {
        switch self {
        case .fileSystem(let operation, let path, let reason): "\(operation) \(path): \(reason)"
        case .obstacle(let path, let found): "\(path) is \(found)"
        case .endOfFile(let path, let offset): "\(path) ends before byte \(offset)"
        case .notFound(let digest): "content \(digest) is not in the store"
        case .corrupted(let digest, let found):
            "content \(digest) is damaged: its stored bytes have the digest \(found)"
        case .badIdentifier(let id):
            "'\(id)' is not an upload's identifier: expected 1 to 128 letters, digits, '.', '_' or '-', not '.' first"
        case .unknownUpload(let id): "there is no upload '\(id)': it was never begun, is over, or the store restarted"
        case .uploadSizeDiffers(let id, let begun, let asked):
            "upload '\(id)' was begun with \(begun) bytes, now \(asked) are said"
        case .outsideOfUpload(let id, let range, let total):
            "bytes \(range.lowerBound)..<\(range.upperBound) are outside of upload '\(id)' of \(total) bytes"
        case .uploadDiffers(let id, let expected, let found):
            "upload '\(id)' is not what was announced: expected the digest \(expected), its bytes have \(found)"
        case .tooLarge(let bytes, let limit): "an upload of \(bytes) bytes, at most \(limit) are allowed"
        case .tooManyUploads(let limit): "\(limit) uploads are under way already, which is the most"
        }
    }
}

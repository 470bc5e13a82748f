public import Foundation

/// A file that is read in pieces or at offsets, and that can tell whether it was changed meanwhile.
struct InputFile: ~Copyable {
    /// Bytes of a piece of a file that is read or written whole: worth a system call, and little memory.
    static let pieceBytes = 1 << 20
    /// The same of a compressed file, and of what comes of it at once.
    static let compressedPieceBytes = 1 << 18

    let url: URL
    private let descriptor: Int32
    /// What it was when it was opened.
    private let identity: Identity

    /// Which file it is, its size and the time of its last change.
    private struct Identity: Equatable {
        var device: UInt
        var number: UInt
        var size: Int
        var seconds: Int
        var nanoseconds: Int
    }

    init(_ url: URL) throws {
        // Nothing but a file is read: a pipe without a writer must not be waited for.
        let descriptor = open(url.path(percentEncoded: false), O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw DataFileError.unreadable(url, reason: String(cString: strerror(errno))) }
        let identity: Identity
        do {
            identity = try Self.identity(at: url) { fstat(descriptor, &$0) }
            if identity.size == 0 { try Self.checkEmpty(descriptor, url) }
        } catch {
            close(descriptor)
            throw error
        }
        self.url = url
        self.descriptor = descriptor
        self.identity = identity
    }

    deinit {
        close(descriptor)
    }

    var size: Int { identity.size }

    /// Fills the buffer from the offset on; fewer bytes than it holds only at the end of the file.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws -> Int {
        var filled = 0
        while filled < buffer.count {
            let count = pread(descriptor, buffer.baseAddress! + filled, buffer.count - filled, off_t(offset + filled))
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                throw DataFileError.unreadable(url, reason: String(cString: strerror(errno)))
            }
            filled += count
        }
        return filled
    }

    /// Throws if somebody wrote to the file or put another in its place since it was opened: what was read may be
    /// half of one version.
    func checkUnchanged() throws {
        let path = url.path(percentEncoded: false)
        guard try Self.identity(at: url, { stat(path, &$0) }) == identity else { throw DataFileError.changed(url) }
    }

    /// What the system makes up as it is read, as under `/proc`, has no size and is another file each time.
    private static func checkEmpty(_ descriptor: Int32, _ url: URL) throws {
        var byte: UInt8 = 0
        switch pread(descriptor, &byte, 1, 0) {
        case 0: break
        case 1:
            throw DataFileError.unreadable(
                url,
                reason: "its size is 0 and it has content, which the system makes up as it is read: copy it to a file")
        default: throw DataFileError.unreadable(url, reason: String(cString: strerror(errno)))
        }
    }

    private static func identity(at url: URL, _ query: (inout stat) -> Int32) throws -> Identity {
        var status = stat()
        guard query(&status) == 0 else {
            throw DataFileError.unreadable(url, reason: String(cString: strerror(errno)))
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw DataFileError.unreadable(url, reason: "it is a folder, expected a file")
        case S_IFIFO:
            throw DataFileError.unreadable(url, reason: "it is a pipe, expected a file, as data is read more than once")
        default: throw DataFileError.unreadable(url, reason: "it is a device or socket, expected a file")
        }
        return Identity(
            device: UInt(status.st_dev), number: UInt(status.st_ino), size: Int(status.st_size),
            seconds: Int(status.st_mtim.tv_sec), nanoseconds: Int(status.st_mtim.tv_nsec))
    }
}

/// The data file as a whole cannot be used.
public enum DataFileError: Error, Equatable, CustomStringConvertible {
    case unreadable(URL, reason: String)
    case changed(URL)
    /// What is too large for memory cannot be put aside.
    case notSpooled(URL, reason: String)
    case noRoom(URL, needed: Int, free: Int)

    public var description: String {
        switch self {
        case .unreadable(let url, let reason):
            "data file \(url.path(percentEncoded: false)) cannot be read: \(reason)"
        case .changed(let url):
            "data file \(url.path(percentEncoded: false)) was changed while it was read: try again when it is complete"
        case .notSpooled(let folder, let reason):
            "no temporary file can be written in \(folder.path(percentEncoded: false)): \(reason); TMPDIR names another "
                + "folder"
        case .noRoom(let folder, let needed, let free):
            "\(folder.path(percentEncoded: false)) has no room for a temporary file: \(needed.asBytes) are needed, "
                + "\(free.asBytes) are free; TMPDIR names another folder"
        }
    }
}

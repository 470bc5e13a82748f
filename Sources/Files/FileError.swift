import Glibc

/// Why a file cannot be read or written, or a folder be used: which, what was tried, and what stands against it.
package struct FileError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Operation: String, Sendable {
        case read, written
        case usedAsFolder = "used as a folder"
    }

    package var path: String
    package var operation: Operation
    package var reason: String

    package init(_ path: String, _ operation: Operation, reason: String) {
        self.path = path
        self.operation = operation
        self.reason = reason
    }

    /// With what the system says of an error's number.
    init(_ path: String, _ operation: Operation, errno number: Int32) {
        self.init(path, operation, reason: String(cString: strerror(number)))
    }

    package var description: String {
        "\(path.isEmpty ? "''" : path) cannot be \(operation.rawValue): \(reason)"
    }
}

/// Why a key or a keyring cannot be read or written. Never holds anything secret.
package enum KeyError: Error, Sendable, Equatable, CustomStringConvertible {
    /// `operation` on `path` failed with what the system says.
    case file(path: String, operation: String, reason: String)
    /// Others than the owner may read a secret key, or write a keyring.
    case permissions(path: String, expected: String, got: String)
    case invalid(path: String, expected: String, got: String)

    package var description: String {
        switch self {
        case .file(let path, let operation, let reason):
            "\(path): cannot \(operation): \(reason)"
        case .permissions(let path, let expected, let got):
            "\(path): expected mode \(expected), got \(got): run chmod \(expected) \(path)"
        case .invalid(let path, let expected, let got):
            "\(path): expected \(expected), got \(got)"
        }
    }
}

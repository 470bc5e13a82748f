/// Why bytes are not a message of this protocol, or a message cannot be put into bytes.
package enum WireError: Error, Sendable, Equatable {
    /// Not an encoded `Envelope` at all: cut short, overlong, or other bytes.
    case malformed(bytes: Int, reason: String)
    /// The envelope frame is larger than its kind of body may be.
    case tooLarge(bytes: Int, limit: Int)
    /// A message of another protocol version; `messageID` lets a receiver refuse it by name.
    case version(expected: UInt32, got: UInt32, messageID: UInt64, correlationID: UInt64)
    /// A field that holds what it must not. `field` is its path in the `.proto` file.
    case invalid(field: String, expected: String, got: String)
}

extension WireError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed(let bytes, let reason):
            "expected an encoded envelope, got \(bytes) bytes that are none: \(reason)"
        case .tooLarge(let bytes, let limit):
            "expected an envelope of at most \(limit) bytes, got \(bytes)"
        case .version(let expected, let got, _, _):
            "this node speaks protocol version \(expected), the peer speaks version \(got): "
                + "run the same version of martlet on both"
        case .invalid(let field, let expected, let got):
            "\(field): expected \(expected), got \(got)"
        }
    }
}

extension WireError {
    /// Text from a peer, fit for a log: bounded, one line, in quotes.
    static func quoted(_ text: String) -> String {
        let shown = text.unicodeScalars.prefix(64).map { $0.value < 0x20 || $0.value == 0x7f ? "?" : String($0) }
        return "'\(shown.joined())'" + (text.unicodeScalars.count > 64 ? "…" : "")
    }
}

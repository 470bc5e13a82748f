import Explanations
import Glibc
package import NIOCore
package import NIOHTTP1
package import NIOPosix

// SwiftNIO's errors carry names of its own functions and types.

extension IOError: ExplainedError {
    package var words: String { String(cString: strerror(errnoCode)) }
}

extension NIOConnectionError: ExplainedError {
    package var words: String {
        let reasons = connectionErrors.map(\.error.explanation)
        // No address was tried: the name has none.
        guard !reasons.isEmpty else { return "no host is known as '\(host)'" }
        // An address of each family may fail alike.
        return reasons.reduce(into: []) { unique, reason in
            if !unique.contains(reason) { unique.append(reason) }
        }.joined(separator: "; ")
    }
}

extension SocketAddressError: ExplainedError {
    package var words: String {
        if case .failedToParseIPString(let text) = self { return "'\(text)' is no address of the internet" }
        return "it is no address of the internet"
    }
}

extension SocketAddressError.UnknownHost: ExplainedError {
    package var words: String { "no host is known as '\(host)'" }
}

extension ChannelError: ExplainedError {
    package var words: String {
        switch self {
        case .connectTimeout(let time): "no answer within \(time.nanoseconds / 1_000_000) ms"
        case .connectPending: "it is being connected to already"
        case .inputClosed, .outputClosed, .ioOnClosedChannel, .alreadyClosed, .eof: "the connection was closed"
        default: "the connection failed"
        }
    }
}

extension HTTPParserError: ExplainedError {
    package var words: String { "what came is not HTTP/1.1" }
}

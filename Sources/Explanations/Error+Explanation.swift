import Foundation

extension Error {
    /// What a person reads of this error: the one way from any error to text.
    ///
    /// Our own errors describe themselves. Those of Foundation and of the libraries are put into words, with the file and
    /// the system's reason where they know them.
    package var explanation: String {
        switch self {
        case let error as any ExplainedError: error.words
        case is CancellationError: "it was cancelled"
        default: Self.words(of: self as NSError) ?? "\(self)"
        }
    }

    /// Nil for an error that is none of Foundation's.
    private static func words(of error: NSError) -> String? {
        switch error.domain {
        case NSPOSIXErrorDomain: String(cString: strerror(Int32(truncatingIfNeeded: error.code)))
        case NSCocoaErrorDomain: cocoaWords(of: error)
        case NSURLErrorDomain: "the address cannot be loaded (\(error.code))"
        default: nil
        }
    }

    private static func cocoaWords(of error: NSError) -> String {
        let code = CocoaError.Code(rawValue: error.code)
        if code == .propertyListReadCorrupt {
            // JSONSerialization's, which says where.
            let place = error.userInfo["NSDebugDescription"] as? String
            return "it is not JSON\(place.map { ": \($0)" } ?? "")"
        }
        let isWriting = (512..<1024).contains(error.code)
        let path = error.userInfo[NSFilePathErrorKey] as? String ?? (error.userInfo[NSURLErrorKey] as? URL)?.path
        let underlying = error.userInfo[NSUnderlyingErrorKey] as? any Error
        let reason = underlying.map(\.explanation) ?? reasons[code] ?? "the system gave no reason"
        guard let path else { return reason }
        return "\(path) cannot be \(isWriting ? "written" : "read"): \(reason)"
    }

    private static var reasons: [CocoaError.Code: String] {
        [
            .fileNoSuchFile: "No such file or directory", .fileReadNoSuchFile: "No such file or directory",
            .fileReadNoPermission: "Permission denied", .fileWriteNoPermission: "Permission denied",
            .fileReadTooLarge: "it is too large", .fileReadInapplicableStringEncoding: "it is not UTF-8",
            .fileReadCorruptFile: "it is damaged", .fileReadUnknownStringEncoding: "it is no text",
            .fileWriteFileExists: "there is one already", .fileWriteOutOfSpace: "No space left on device",
            .fileWriteVolumeReadOnly: "Read-only file system",
        ]
    }
}

import Checkpoints
import Explanations
import Foundation
import GRDB
import Wire

/// What the disk says, in words for those who wait for it.
enum StorageProblem {
    static func words(for error: any Error) -> String {
        switch error {
        case let error as DatabaseError where error.resultCode == .SQLITE_FULL: full
        case let error as DatabaseError: error.message ?? "the database failed with code \(error.resultCode.rawValue)"
        case let error as StoreError: words(for: error)
        case _ where isFull(error): full
        default: error.explanation
        }
    }

    /// Whether the disk may do later what it does not do now: then the same is tried again.
    static func isTransient(_ error: any Error) -> Bool {
        switch error {
        case StoreError.fileSystem, is CocoaError: true
        default: false
        }
    }

    /// Whether the disk has no room: of a preparation, which reads files as well, nothing else can be told to be the
    /// disk's.
    static func isFull(_ error: any Error) -> Bool {
        switch error {
        case is PreparationFoundNoRoom, ContentProblem.noRoom: true
        case let error as StoreError: words(for: error) == full
        case let error as CocoaError: error.code == .fileWriteOutOfSpace || error.underlying.map(isFull) == true
        case let error as POSIXError: [.ENOSPC, .EDQUOT].contains(error.code)
        default: false
        }
    }

    private static let full = "disk full"

    /// Whether the vault could not write for such a reason.
    static func isTransient<Value>(_ result: Result<Value, any Error>) -> Bool {
        if case .failure(let failure as Failure) = result { failure.code == .unavailable } else { false }
    }

    private static func words(for error: StoreError) -> String {
        guard case .fileSystem(_, _, let reason) = error else { return error.description }
        return [ENOSPC, EDQUOT].map { String(cString: strerror($0)) }.contains(reason) ? full : error.description
    }
}

extension CocoaError {
    fileprivate var underlying: (any Error)? { userInfo[NSUnderlyingErrorKey] as? any Error }
}

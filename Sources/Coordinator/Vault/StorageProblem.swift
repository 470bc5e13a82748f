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
        case _ where isFull(error): full
        case let error as StoreError: error.description
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

    /// Whether the vault could not write for such a reason.
    static func isTransient<Value>(_ result: Result<Value, any Error>) -> Bool {
        if case .failure(let failure as Failure) = result { failure.code == .unavailable } else { false }
    }

    /// Whether the disk has no room: of a preparation, which reads files as well, nothing else can be told to be the
    /// disk's.
    static func isFull(_ error: any Error) -> Bool { error is PreparationFoundNoRoom || DiskSpace.isUsedUp(error) }

    private static let full = "disk full"
}

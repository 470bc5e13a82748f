import Foundation

/// What errors say of the room on a disk.
package enum DiskSpace {
    /// Whether the error says that the disk has no room, or the user's quota is used up.
    package static func isUsedUp(_ error: any Error) -> Bool {
        switch error {
        case StoreError.fileSystem(_, _, let reason):
            [ENOSPC, EDQUOT].map { String(cString: strerror($0)) }.contains(reason)
        case let error as CocoaError:
            error.code == .fileWriteOutOfSpace
                || (error.userInfo[NSUnderlyingErrorKey] as? any Error).map(isUsedUp) == true
        case let error as POSIXError: [.ENOSPC, .EDQUOT].contains(error.code)
        default: false
        }
    }
}

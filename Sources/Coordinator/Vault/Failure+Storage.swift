import Checkpoints
import Explanations
import Wire

extension Failure {
    /// What a peer is told of an error while reading or writing content.
    init(storage error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as StoreError: self.init(error.code, error.description)
        default: self.init(.internal, error.explanation)
        }
    }
}

extension StoreError {
    fileprivate var code: Failure.Code {
        switch self {
        case .notFound, .unknownUpload: .notFound
        case .corrupted, .uploadDiffers: .dataCorrupted
        case .badIdentifier, .uploadSizeDiffers, .outsideOfUpload, .tooLarge: .invalidArgument
        case .tooManyUploads: .queueFull
        case .fileSystem, .obstacle, .endOfFile: .internal
        }
    }
}

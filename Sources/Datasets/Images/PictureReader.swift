public import Foundation

/// Makes of a picture file the numbers that a model takes: as they are when it is trained, so that nobody has to decode
/// pictures for a request by other rules.
public struct PictureReader: Sendable {
    private let channels: Int
    private let height: Int
    private let width: Int

    /// Nil unless the shape is `[1 or 3, height, width]`.
    public init?(shape: [Int]) {
        guard shape.count == 3, shape[0] == 1 || shape[0] == 3,
            shape.dropFirst().allSatisfy(ImageForm.sidesAllowed.contains),
            shape[1] * shape[2] <= ImageDecoder.maximumPixels
        else { return nil }
        (channels, height, width) = (shape[0], shape[1], shape[2])
    }

    /// `[channels, height, width]`, from 0 to 255; a picture of another size is resized. Throws `PictureError`, or
    /// `DataFileError` where the file cannot be read.
    public func numbers(ofFile url: URL) throws -> [UInt8] {
        let bytes = try PictureFolder.contents(of: url)
        do {
            return try ImageDecoder.decode(bytes, channels: channels).planes(height: height, width: width)
        } catch let error as ArrayError {
            throw PictureError(description: "\(url.path(percentEncoded: false)): \(error.message)")
        }
    }
}

/// A file that is no picture, or a damaged one.
public struct PictureError: Error, Equatable, CustomStringConvertible {
    public var description: String
}

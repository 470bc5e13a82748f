import Datasets
import Foundation

extension PredictionRequest {
    /// The endings of files that are read as pictures.
    static let pictureTypes = ["png", "jpg", "jpeg"]

    /// A picture, decoded and resized as those that the model learned from.
    init(pictureFile file: String, model: ModelMetadata) throws {
        let input = try model.onlyInput()
        guard input.datatype != "BYTES", let reader = PictureReader(shape: Array(input.shape.dropFirst())) else {
            throw CommandFailure(
                "\(file): model '\(model.name)' does not read pictures: its input is \(input.datatype) of shape "
                    + "\(input.shape)")
        }
        let numbers = try reader.numbers(ofFile: URL(filePath: file))
        try self.init(values: numbers.map { Int($0) }, model: model, file: file)
    }
}

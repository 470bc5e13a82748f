import Datasets
import Foundation

extension PredictionRequest {
    /// A picture, decoded and resized as those that the model learned from.
    init(pictureFile file: String, model: ModelMetadata) throws {
        let input = try model.onlyInput()
        guard input.takesPictures, let reader = PictureReader(shape: Array(input.shape.dropFirst())) else {
            throw CommandFailure("\(file): model '\(model.name)' does not read pictures but \(input.described)")
        }
        let numbers = try reader.numbers(ofFile: URL(filePath: file))
        var requests = PredictionRequests(input: input, file: file)
        try requests.add(numbers: numbers.map(Float.init), place: "the picture")
        self = try requests.finish()[0]
    }
}

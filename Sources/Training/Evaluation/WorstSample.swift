package import Foundation

/// A sample of the test part on which a model does badly.
package struct WorstSample: Codable, Sendable, Equatable {
    /// What the sample is, for a person to look at.
    package enum Content: Codable, Sendable, Equatable {
        /// 8-bit pixels, channels x height x width.
        case picture(channels: Int, height: Int, width: Int, pixels: Data)
        /// Names and values, as in the data.
        case values(names: [String], values: [String])
    }

    package var content: Content
    /// As in the data: a class, or numbers.
    package var label: String
    package var prediction: String
    /// What the model gave for the class it chose; nil where there are none.
    package var probability: Double?
    /// -log of the probability of the true class, or the mean of the squared errors.
    package var loss: Double

    package init(content: Content, label: String, prediction: String, probability: Double?, loss: Double) {
        self.content = content
        self.label = label
        self.prediction = prediction
        self.probability = probability
        self.loss = loss
    }
}

/// Samples of the test part on which the model did worst.
package struct Mistakes: Sendable, Equatable {
    package enum Content: Sendable, Equatable {
        case picture(Picture)
        /// Names and values, as in the data.
        case values([ReportDocument.Fact])
    }

    package struct Sample: Sendable, Equatable {
        package var content: Content
        package var label: String
        package var prediction: String
        /// What the model gave for its prediction, from 0 to 1.
        package var probability: Double?
        package var loss: Double

        package init(content: Content, label: String, prediction: String, probability: Double?, loss: Double) {
            self.content = content
            self.label = label
            self.prediction = prediction
            self.probability = probability
            self.loss = loss
        }
    }

    /// What is told apart by the label: classes, or numbers that can be more or less wrong.
    package enum Kind: Sendable, Equatable {
        case classes, numbers
    }

    package var kind: Kind
    /// Says which samples these are, of how many.
    package var caption: String
    package var samples: [Sample]

    package init(kind: Kind = .classes, caption: String, samples: [Sample]) {
        self.kind = kind
        self.caption = caption
        self.samples = samples
    }
}

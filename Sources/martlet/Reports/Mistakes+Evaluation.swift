import JobProtocol
import NeuralNetworks
import Reports
import Explanations
import Training

extension Mistakes {
    init(_ evaluation: JobEvaluation, task: ModelSpecification.Task) {
        let samples = evaluation.worst.map { sample in
            let content: Content =
                switch sample.content {
                case .picture(let channels, let height, let width, let pixels):
                    Picture(channels: channels, height: height, width: width, pixels: Array(pixels))
                        .map(Content.picture) ?? .values([])
                case .values(let names, let values): .values(zip(names, values).map { ReportDocument.Fact($0, $1) })
                }
            return Sample(
                content: content, label: sample.label, prediction: sample.prediction,
                probability: sample.probability, loss: sample.loss)
        }
        let rows = evaluation.rows
        let caption =
            if task == .regression {
                "The \(samples.count) of \(counted(rows, "sample")) of the test part with the largest errors."
            } else if evaluation.wrong == 0 {
                "None of the \(counted(rows, "sample")) of the test part went wrong."
            } else {
                "\(evaluation.wrong) of the \(counted(rows, "sample")) of the test part went wrong"
                    + (samples.count < evaluation.wrong ? "; these \(samples.count) have the highest losses." : ".")
            }
        self.init(kind: task == .regression ? .numbers : .classes, caption: caption, samples: samples)
    }
}

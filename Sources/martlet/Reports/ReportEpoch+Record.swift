import Reports
import Training

extension ReportEpoch {
    init(_ record: EpochRecord) {
        self.init(
            epoch: record.epoch, step: record.step, trainingLoss: record.trainingLoss,
            validationLoss: record.validationLoss, learningRate: record.learningRate,
            gradientNorm: record.gradientNorm, metrics: record.metrics ?? [:],
            time: record.times.map { times in
                [
                    TimeShare("data", seconds: times.data), TimeShare("forward", seconds: times.forward),
                    TimeShare("backward", seconds: times.backward),
                    TimeShare("communication", seconds: times.communication),
                    TimeShare("update", seconds: times.update),
                ]
            } ?? [])
    }
}

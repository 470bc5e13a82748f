import NeuralNetworks
import Explanations
import StrictYAML
import Tensors

extension JobFile {
    /// The `train:` section of a job for this model; what is not known of the model is not held against it.
    static func trainSection(
        _ section: YAMLMapping, model: ModelSpecification?, task: ModelSpecification.Task?
    ) -> TrainSpecification {
        let loss = loss(section, task: task, outputs: model?.outputs)
        let optimizer = optimizer(section, model: model)
        let schedule = section.value("schedule").map(schedule) ?? ScheduleSpecification()
        let clipping = section.optionalMapping("clip") { clip in
            TrainSpecification.Clipping(
                norm: clip.optionalNumber(.clippingNorm), value: clip.optionalNumber(.clippingValue))
        }
        let batchSize = batchSize(section, optimizer: optimizer)
        let standard = TrainSpecification.standard
        let accumulation = section.integer(.accumulation, default: standard.accumulation)
        let epochs = section.integer(.epochs)
        let precision = section.choice("precision", of: Precision.self, default: standard.precision)
        let seed = section.unsigned("seed", default: standard.seed)
        let workers = section.integer(.workers, default: standard.workers)
        // At least 4, so that a job gives the same bytes on 1, 2 and 4 workers; but no slice of a batch may be empty.
        let slices = section.integer(
            .slices, default: max(workers, min(standard.slices, batchSize ?? standard.slices)))
        if section.isSoundSoFar {
            if slices < workers {
                section.report(
                    "slices",
                    "\(counted(slices, "slice")) cannot keep \(counted(workers, "worker")) busy: each needs at least one"
                )
            }
            if let batchSize, batchSize < slices {
                section.report(
                    "batch_size",
                    "a batch of \(counted(batchSize, "row")) cannot be cut into \(counted(slices, "slice")): each needs a row"
                )
            }
        }
        let stop = section.optionalMapping("stop") { Self.stop($0, task: task) }
        let spikeGuard = section.optionalMapping("guard") { rule in
            var spikeGuard = TrainSpecification.SpikeGuard(
                lossFactor: rule.optionalNumber(.lossFactor), gradientFactor: rule.optionalNumber(.gradientFactor))
            spikeGuard.maximumSkips = rule.integer(.maximumSkips, default: spikeGuard.maximumSkips)
            return spikeGuard
        }
        return TrainSpecification(
            loss: loss, optimizer: optimizer, schedule: schedule,
            clipping: clipping ?? TrainSpecification.Clipping(), batchSize: batchSize, accumulation: accumulation,
            epochs: epochs, precision: precision, seed: seed, workers: workers, slices: slices,
            stop: stop ?? TrainSpecification.Stop(),
            spikeGuard: spikeGuard)
    }

    /// Rows of a batch; nil, all of them, for full-batch descent.
    private static func batchSize(_ section: YAMLMapping, optimizer: OptimizerSpecification) -> Int? {
        guard optimizer.name == .gradientDescent else { return section.integer(.batchSize) }
        if section.value("batch_size") != nil {
            section.report(
                "batch_size", "gradient_descent takes all training rows at once; for batches use the optimizer sgd")
        }
        return nil
    }

    private static func stop(_ stop: YAMLMapping, task: ModelSpecification.Task?) -> TrainSpecification.Stop {
        let target = stop.optionalMapping("target") { target in
            let bounds = bounds(target, task: task)
            if target.isSoundSoFar, bounds.count != 1 {
                target.report(nil, "expected one metric with its bound, such as { accuracy: \">= 0.98\" }")
            }
            return bounds.first
        }
        return TrainSpecification.Stop(
            patience: stop.optionalInteger(.patience), steps: stop.optionalInteger(.stopSteps),
            seconds: stop.optionalNumber(.seconds),
            tolerance: stop.optionalNumber(.tolerance), target: target.flatMap(\.self))
    }
}

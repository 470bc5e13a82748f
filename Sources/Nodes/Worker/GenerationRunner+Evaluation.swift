import Collectives
import JobProtocol
import Datasets
import Foundation
import NeuralNetworks
import Tensors
import Training

extension GenerationRunner {
    /// What the finished model makes of the test part, the same on every rank; nil where there is none.
    func evaluate(
        _ run: TrainingRun, _ parameters: FloatBuffer, metrics: MetricAccumulator
    ) throws -> JobEvaluation? {
        let plan = assignment.plan
        guard plan.testRows > 0 else { return nil }
        let describer = SampleDescriber(
            plan: plan, model: assignment.specification.model, cache: surroundings.cache.store)
        let worst = try run.worstSamples(
            parameters, limit: JobEvaluation.sampleLimit, describe: describer.describe)
        let machines = try run.group.allGather(
            document: JobEvaluation.Machine(worker: assignment.members[assignment.rank].name), named: "machines")
        let confusion = metrics.confusionMatrix.flatMap { $0.count <= JobEvaluation.classLimit ? $0 : nil }
        return JobEvaluation(
            rows: plan.testRows, wrong: worst.wrong,
            classes: (0..<(confusion?.count ?? 0)).map {
                SampleDescriber.className(plan.preprocessing.label(ofClass: $0) ?? "\($0)")
            },
            confusion: confusion, worst: worst.samples, machines: machines)
    }

    /// What all ranks did when, in rank order.
    func gatherTrace(_ run: TrainingRun, _ timeline: Timeline) throws -> JobTrace {
        JobTrace(recordings: try run.group.allGather(document: timeline.recording, named: "timelines"))
    }

    /// Nil unless a profile was asked for.
    func makeTimeline() -> Timeline? {
        guard assignment.profile else { return nil }
        return Timeline(
            worker: assignment.members[assignment.rank].name,
            capacity: JobTrace.spanLimit / max(assignment.members.count, 1))
    }
}

import JobProtocol
import ClusterProtocol
import Checkpoints
import Datasets
import Foundation
import NeuralNetworks
import Training

extension Manifest {
    /// The manifest of a job's result. Throws what the JSON encoder says.
    init(of job: Job, plan: DataPlan, result: JobResult) throws {
        let specification = job.specification
        let meaning = specification.loss.name.meaning
        self.init(
            name: specification.name,
            job: job.id,
            files: [File(name: Manifest.weightsFileName, digest: result.model, bytes: result.modelBytes)],
            specification: try ClusterJSON.text(specification),
            preprocessing: try ClusterJSON.text(plan.preprocessing),
            interface: ModelInterface(of: specification, preprocessing: plan.preprocessing),
            data: plan.digest,
            seed: specification.train.seed,
            epoch: result.epoch,
            step: result.step,
            metrics: result.metrics,
            golden: result.golden,
            codeVersion: ClusterProtocol.codeVersion,
            parent: job.start?.manifest,
            outputMeaning: meaning.rawValue)
    }
}

extension ModelInterface {
    /// The tensors of a trained network in the terms of the Open Inference Protocol: raw values in, by name
    /// `input`; logits or predictions out, and what they mean.
    init(of job: JobSpecification, preprocessing: Preprocessing) {
        let model = job.model
        let input = TensorInterface(
            name: "input", datatype: preprocessing.takesTexts ? "BYTES" : "FP32",
            shape: [-1] + (preprocessing.takesTexts ? [preprocessing.rawCells] : model.input),
            columns: preprocessing.cellNames, order: preprocessing.order, pictures: preprocessing.learnsFromBytes)
        let results = [-1] + job.resultShape(preprocessing)
        let outputs = job.loss.name.meaning.served.map { served in
            TensorInterface(
                name: served.rawValue, datatype: served == .label ? "BYTES" : "FP32",
                shape: results + (served == .label ? [] : [model.outputs]))
        }
        let text = TensorInterface(name: "text", datatype: "BYTES", shape: [-1])
        self.init(inputs: [input], outputs: preprocessing.translates ? [text] + outputs : outputs)
    }
}

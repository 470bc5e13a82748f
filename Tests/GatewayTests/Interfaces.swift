import Checkpoints

extension ModelInterface {
    static func tensor(_ name: String, _ datatype: String, _ shape: [Int]) -> TensorInterface {
        TensorInterface(name: name, datatype: datatype, shape: shape)
    }

    /// Three numbers in, two classes out.
    static let numbers = ModelInterface(
        inputs: [tensor("input", "FP32", [-1, 3])],
        outputs: [
            tensor("logits", "FP32", [-1, 2]), tensor("probabilities", "FP32", [-1, 2]), tensor("label", "BYTES", [-1]),
        ])

    static let images = ModelInterface(
        inputs: [tensor("input", "FP32", [-1, 1, 2, 2])], outputs: [tensor("logits", "FP32", [-1, 2])])

    /// The cells of a table.
    static let cells = ModelInterface(
        inputs: [tensor("input", "BYTES", [-1, 2])], outputs: [tensor("prediction", "FP32", [-1, 1])])
}

import Messaging
import Wire

/// An inference request as the gateway understood it, whichever way its tensors came.
struct InferenceCall: Sendable {
    struct Output: Sendable, Equatable {
        var name: String
        /// Nil: as the request says for all outputs.
        var binary: Bool?
    }

    /// Echoed in the answer when the caller gave one.
    var id: String?
    /// In the datatypes of the model, whatever the caller sent.
    var inputs: [TensorDescription] = []
    /// Frame i holds tensor i.
    var frames: [Frame] = []
    /// Empty: all.
    var outputs: [Output] = []
    /// Whether outputs that say nothing else come behind the JSON as bytes.
    var binaryOutputs = false
    /// How long the caller waits; nil: as long as the gateway allows.
    var timeout: Duration?

    /// The first dimension, alike in all inputs.
    var rows: Int { inputs.first?.shape.first ?? 0 }

    func asks(for output: String) -> Bool { outputs.isEmpty || outputs.contains { $0.name == output } }

    func isBinary(output name: String) -> Bool {
        outputs.first { $0.name == name }?.binary ?? binaryOutputs
    }
}

/// Something about a job that is allowed and most likely a mistake.
public struct JobWarning: Codable, Sendable, Equatable {
    /// Name of the rule that found it, such as `softmax-before-logits`.
    public var rule: String
    /// The key of the job file that it is about, such as `model.layers[2]`.
    public var path: String
    /// What is wrong and what to do.
    public var message: String

    public init(rule: String, path: String, message: String) {
        self.rule = rule
        self.path = path
        self.message = message
    }
}

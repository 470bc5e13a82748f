import HTTPTypes

extension HTTPField.Name {
    static let requestID = HTTPField.Name("x-request-id")!
    static let traceparent = HTTPField.Name("traceparent")!
    /// The version that answered.
    static let modelVersion = HTTPField.Name("martlet-model-version")!
    /// SHA-256 of the manifest of the version that answered.
    static let checkpoint = HTTPField.Name("martlet-checkpoint")!
    /// How long the caller waits, in milliseconds.
    static let timeout = HTTPField.Name("martlet-timeout-ms")!
    /// Bytes of JSON in a body that goes on with binary tensors.
    static let inferenceHeaderLength = HTTPField.Name("inference-header-content-length")!
}

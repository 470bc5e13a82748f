/// Names of header fields, lower case as HTTP/2 wants them.
enum HeaderName {
    static let requestID = "x-request-id"
    static let traceparent = "traceparent"
    /// The version that answered.
    static let modelVersion = "martlet-model-version"
    /// SHA-256 of the manifest of the version that answered.
    static let checkpoint = "martlet-checkpoint"
    /// How long the caller waits, in milliseconds.
    static let timeout = "martlet-timeout-ms"
    /// Bytes of JSON in a body that goes on with binary tensors.
    static let inferenceHeaderLength = "inference-header-content-length"
}

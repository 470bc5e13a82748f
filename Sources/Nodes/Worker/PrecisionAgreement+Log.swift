import Logging
import Tensors
import Training

extension PrecisionAgreement {
    /// One line: how matrices are multiplied, or why that is not as the job asks.
    func log(to logger: Logger) {
        var metadata: Logger.Metadata = ["precision": "\(precision.rawValue)", "asked": "\(asked.rawValue)"]
        guard !lacking.isEmpty else { return logger.info("matrix products", metadata: metadata) }
        metadata["unsupported_on"] = "\(lacking.joined(separator: ", "))"
        logger.warning(
            "matrix products in f32: not every worker's CPU multiplies what the job asks for", metadata: metadata)
    }
}

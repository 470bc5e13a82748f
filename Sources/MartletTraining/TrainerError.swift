/// Why a trainer cannot train.
///
/// ```swift
/// do {
///     let result = try await trainer.run()
///     print(result.metrics)
/// } catch TrainerError.data(let problem) {
///     print("the rows do not fit the model: \(problem)")
/// }
/// ```
public enum TrainerError: Error, Sendable, Equatable {
    /// The rows do not fit the model or each other.
    case data(String)
    /// A figure is out of its range.
    case setting(String)
    /// The ranks do not train the same model on the same data.
    case ranksDiffer(String)
    /// The process was launched, but cannot take its rank.
    case launch(String)
}

extension TrainerError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .data(let text): "the training data does not fit: \(text)"
        case .setting(let text), .ranksDiffer(let text): text
        case .launch(let text): "this process cannot take its rank: \(text)"
        }
    }
}

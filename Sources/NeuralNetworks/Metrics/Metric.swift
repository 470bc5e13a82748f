/// A figure that says how good predictions are. Raw values are the names of the job file.
public enum Metric: String, Codable, Sendable, CaseIterable {
    /// Mean loss of a row.
    case loss
    /// Share of rows whose class is right.
    case accuracy
    /// Of the rows said to be of a class, the share that is. Macro average over classes, or class 1 if there are two.
    case precision
    /// Of the rows of a class, the share found. Averaged as precision.
    case recall
    /// Harmonic mean of precision and recall of a class. Averaged as precision.
    case f1
    /// Mean squared error over rows and outputs.
    case mse
    /// Mean absolute error over rows and outputs.
    case mae
    /// 1 - residual sum of squares / total sum of squares, mean over the outputs.
    case r2
}

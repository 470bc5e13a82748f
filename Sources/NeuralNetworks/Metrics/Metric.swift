/// A figure that says how good predictions are. Raw values are the names of the job file.
///
/// A row is one sample, or one position of a sequence. Rows whose label is below 0 count in none of them.
public enum Metric: String, Codable, Sendable, CaseIterable {
    /// Mean loss of a row, as it was trained with: smoothed and weighted.
    case loss
    /// Share of rows whose class is right.
    case accuracy
    /// Share of rows whose class is among the k that are most likely.
    case topK = "top_k"
    /// Of the rows said to be of a class, the share that is. Macro average over classes, or class 1 if there are two.
    case precision
    /// Of the rows of a class, the share found. Averaged as precision.
    case recall
    /// Harmonic mean of precision and recall of a class. Averaged as precision.
    case f1
    /// Mean over the classes that occur, each alike.
    case precisionMacro = "precision_macro"
    case recallMacro = "recall_macro"
    case f1Macro = "f1_macro"
    /// Over all classes taken together.
    case precisionMicro = "precision_micro"
    case recallMicro = "recall_micro"
    case f1Micro = "f1_micro"
    /// Mean over the classes, each by its number of rows.
    case precisionWeighted = "precision_weighted"
    case recallWeighted = "recall_weighted"
    case f1Weighted = "f1_weighted"
    /// Area under the receiver operating characteristic: how likely a row of the class gets a higher score than one of
    /// the others. Exact; for more than two classes the mean over the classes, each against the rest.
    case auc
    /// Mean of -log of the probability given to the right class.
    case logLoss = "log_loss"
    /// e^log_loss.
    case perplexity
    /// Expected calibration error (Naeini et al., 2015; Guo et al., 2017): how far the probability of the predicted
    /// class is from the share that is right, mean over 15 bins of that probability by their rows.
    case calibrationError = "calibration_error"
    /// Mean squared error over rows and outputs.
    case mse
    /// Root of the mean squared error, mean over the outputs.
    case rmse
    /// Mean absolute error over rows and outputs.
    case mae
    /// 1 - residual sum of squares / total sum of squares, mean over the outputs.
    case r2

    /// What figures it can have; either end may be open. Losses are left out: weights move them.
    public var range: (lowest: Double?, highest: Double?) {
        switch self {
        case .loss: (nil, nil)
        case .logLoss, .mse, .rmse, .mae: (0, nil)
        case .perplexity: (1, nil)
        case .r2: (nil, 1)
        case .accuracy, .topK, .precision, .recall, .f1, .precisionMacro, .recallMacro, .f1Macro, .precisionMicro,
            .recallMicro, .f1Micro, .precisionWeighted, .recallWeighted, .f1Weighted, .auc, .calibrationError:
            (0, 1)
        }
    }

    /// Whether it has a meaning for a task.
    public func fits(_ task: ModelSpecification.Task) -> Bool {
        switch self {
        case .loss: true
        case .mse, .rmse, .mae, .r2: task == .regression
        case .topK: task == .classification
        default: task != .regression
        }
    }
}

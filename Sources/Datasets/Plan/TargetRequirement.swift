/// What the target column must hold for a model to learn it.
public enum TargetRequirement: Sendable, Equatable {
    /// One number per row.
    case number
    /// This many different values, whatever they are.
    case classes(Int)
}

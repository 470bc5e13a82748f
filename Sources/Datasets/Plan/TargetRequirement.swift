/// What the targets must hold for a model to learn them.
public enum TargetRequirement: Sendable, Equatable {
    /// This many numbers per row.
    case numbers(Int)
    /// As many numbers per row, which in runs of `outputs` are shares of one whole: 0 or more, and 1 together.
    case distributions(Int, outputs: Int)
    /// This many different values, whatever they are; where tokens are learned, room for so many.
    case classes(Int)

    /// One number per row.
    public static var number: Self { .numbers(1) }
}

/// One classic mistake and how it is found. To add one: a file with a type of this protocol, its test, and its line in
/// `JobValidation.rules`.
protocol JobRule: Sendable {
    /// In lower case with dashes.
    static var name: String { get }

    /// What it finds; one warning for each place.
    static func findings(in job: JobUnderReview) -> [JobFinding]
}

/// A place of the job file and what to say about it.
struct JobFinding: Equatable {
    var path: String
    var message: String
}

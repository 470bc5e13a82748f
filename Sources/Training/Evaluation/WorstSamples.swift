/// The samples of the test part that were judged the worst, over all ranks.
package struct WorstSamples: Sendable, Equatable {
    /// Samples whose class is wrong; for regression all that are not exact.
    package var wrong: Int
    /// The highest loss first; all of them wrong.
    package var samples: [WorstSample]
}

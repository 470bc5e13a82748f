package import Collectives
package import Tensors

/// The precision in which all ranks of a run multiply matrices.
///
/// It is what the job asks for, if every rank's CPU multiplies it, and f32 on all of them if one does not: were each to
/// do what it can, the result would depend on which rank computed which slice.
package struct PrecisionAgreement: Sendable, Equatable {
    package var asked: Precision
    package var precision: Precision
    /// Nodes whose CPU does not multiply what the job asks for, in rank order.
    package var lacking: [String]

    /// Asks the other ranks, unless the job asks for f32, which every CPU multiplies.
    ///
    /// - Parameter isSupported: whether this rank's CPU multiplies what the job asks for.
    /// - Throws: `CollectiveError` when another rank is lost or the group is aborted.
    package init(asked: Precision, isSupported: Bool, group: ProcessGroup) throws {
        self.asked = asked
        lacking = []
        if asked != .f32 {
            let answers = try group.allGather(value: isSupported, named: "precision \(asked.rawValue)")
            lacking = zip(group.names, answers).filter { !$0.1 }.map(\.0)
        }
        precision = lacking.isEmpty ? asked : .f32
    }
}

package import ClusterProtocol
import Wire

/// What an operator's command line may ask of the coordinator.
package protocol OperatorCall: ClusterMessage {}

extension OperatorCall {
    package static var path: MessagePath { .operatorToCoordinator }
    /// What a person writes by hand or has a script write; a list of very many names belongs into the data.
    package static var largestBytes: Int { WireLimits.documentBytes }
}

extension Check {
    /// What a person has typed as the name of a job or a launch, which the coordinator makes up from valid names.
    static func job(_ id: String) throws(DocumentProblem) {
        try text(id, "the name of the job")
    }
}

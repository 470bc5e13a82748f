package import Wire

/// Who may send a message, and for which role it is. Roles are those of the keyring: what a peer says of itself counts
/// for nothing.
package struct MessagePath: Sendable, Equatable {
    package let sender: Role
    package let receiver: Role

    package static let coordinatorToWorker = MessagePath(sender: .coordinator, receiver: .worker)
    package static let coordinatorToInference = MessagePath(sender: .coordinator, receiver: .inference)
    package static let coordinatorToGateway = MessagePath(sender: .coordinator, receiver: .gateway)
    package static let workerToCoordinator = MessagePath(sender: .worker, receiver: .coordinator)
    package static let inferenceToCoordinator = MessagePath(sender: .inference, receiver: .coordinator)
    package static let gatewayToCoordinator = MessagePath(sender: .gateway, receiver: .coordinator)
    package static let operatorToCoordinator = MessagePath(sender: .operator, receiver: .coordinator)
    /// The ranks of a launch are workers to each other, too.
    package static let workerToWorker = MessagePath(sender: .worker, receiver: .worker)
}

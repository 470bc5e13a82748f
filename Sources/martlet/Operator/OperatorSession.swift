import ArgumentParser
import JobProtocol
import LocalCluster
import Foundation
import Logging
import Messaging

/// A short conversation with a cluster's coordinator under the operator's key.
struct OperatorSession {
    let client: OperatorClient
    /// The coordinator's address.
    let endpoint: String

    /// How long a command waits for a coordinator that the supervisor is starting again.
    private static let restartPatience = Duration.seconds(5)

    /// Runs `body` with a session and closes it whatever happens. Errors of the conversation come out as
    /// `CommandFailure`, in words.
    static func with<Result>(
        _ folder: ClusterFolder, _ body: (OperatorSession) async throws -> Result
    ) async throws -> Result {
        // A look at the process tells sooner than any wait for an answer whether there can be one.
        let presence = try await folder.presence(of: NodeName.coordinator, patience: restartPatience)
        guard case .listens(let endpoint) = presence else {
            throw CommandFailure(presence, of: NodeName.coordinator, called: "the coordinator", in: folder)
        }
        let key = try KeyPair(contentsOf: ClusterFolder.key(of: NodeName.operator, in: folder.keys))
        let keyring = try Keyring(contentsOf: folder.keyring)
        let messenger = try ZeroMQMessenger(
            identity: NodeName.operator, keys: key, keyring: keyring,
            logger: Logger(label: NodeName.operator, factory: { _ in SwiftLogNoOpLogHandler() }))
        // What is asked of a cluster that is taken down meanwhile ends, instead of waiting for an answer.
        let end = folder.wasStarted ? Task { await messenger.shutdown(whenDown: folder) } : nil
        do {
            let link = try messenger.connect(to: endpoint, remote: NodeName.coordinator) { _ in }
            let result = try await body(OperatorSession(client: OperatorClient(link: link), endpoint: endpoint))
            end?.cancel()
            await messenger.shutdown()
            return result
        } catch {
            end?.cancel()
            if await end?.value == true, !(error is ExitCode) { throw CommandFailure(takenDown: folder) }
            await messenger.shutdown()
            if error is CommandFailure || error is ExitCode || error is CancellationError { throw error }
            throw CommandFailure(error, coordinator: endpoint)
        }
    }
}

extension ZeroMQMessenger {
    /// Ends all conversations once the cluster is taken down. False where the task was cancelled before that.
    fileprivate func shutdown(whenDown folder: ClusterFolder) async -> Bool {
        while folder.wasStarted || folder.isUp {
            guard (try? await Task.sleep(for: .milliseconds(250))) != nil else { return false }
        }
        await shutdown()
        return true
    }
}

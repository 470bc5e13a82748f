import JobProtocol
import LocalCluster

extension LocalLauncher.Readiness {
    /// Asks the coordinator under the operator's key, and the gateway over HTTP.
    static let standard = LocalLauncher.Readiness(
        status: { folder in
            try await OperatorSession.with(folder) { try await $0.client.status() }
        },
        gatewayIsLive: { url in
            let answer = try? await HTTPClient.send(
                .init(method: .get, url: url + "/v2/health/live"), timeout: .seconds(2))
            return answer?.status == 200
        })
}

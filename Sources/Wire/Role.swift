/// What a process is in the cluster. `operator` is a person's command line.
package enum Role: String, Sendable, Codable, CaseIterable {
    case coordinator, worker, inference, gateway, `operator`
}

/// Coordinator to inference node: let go of this version.
package struct UnloadReplica: ClusterMessage {
    package static let kind = MessageKind.unload
    package static let path = MessagePath.coordinatorToInference
    package static let largestBytes = MessageBytes.figures

    package var model: String
    package var version: Int

    package init(model: String, version: Int) {
        self.model = model
        self.version = version
    }
}

extension UnloadReplica {
    package func check() throws(DocumentProblem) {
        try Check.text(model, "model")
        try Check.count(version, "version", in: 1...Check.largestCount)
    }
}

package import ClusterProtocol

extension ClusterStatus: CheckedDocument {
    package func check() throws(DocumentProblem) {
        for job in jobs { try job.check() }
        for launch in launches { try launch.check() }
    }
}

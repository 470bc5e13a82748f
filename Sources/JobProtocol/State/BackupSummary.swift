/// What a backup holds.
package struct BackupSummary: Codable, Sendable, Equatable {
    /// The identity of the cluster.
    package var cluster: String
    package var versions: Int
    package var jobs: Int
    package var contents: Int
    package var contentBytes: Int

    package init(cluster: String, versions: Int, jobs: Int, contents: Int, contentBytes: Int) {
        self.cluster = cluster
        self.versions = versions
        self.jobs = jobs
        self.contents = contents
        self.contentBytes = contentBytes
    }
}

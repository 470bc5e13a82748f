package import ClusterProtocol

/// Makes a copy of state and contents.
package struct BackUp: OperatorCall {
    package typealias Answer = BackupMade
    package static let kind = MessageKind.backUp

    package init() {}

    package func check() throws(DocumentProblem) {}
}

/// A folder on the coordinator's machine, complete and of one moment, to be moved away. The coordinator removes it at its
/// next start or backup.
package struct BackupMade: DocumentAnswer {
    package var folder: String
    package var summary: BackupSummary

    package init(folder: String, summary: BackupSummary) {
        self.folder = folder
        self.summary = summary
    }

    package func check() throws(DocumentProblem) {}
}

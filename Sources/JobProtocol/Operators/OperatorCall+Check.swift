package import ClusterProtocol
import Explanations
import Training

extension OperatorCall.Submit: CheckedDocument {
    package func check() throws(DocumentProblem) {
        try Check.text(source, "the job file", atMost: JobSpecification.largestBytes)
        try specification.check()
    }
}

extension OperatorCall.Job: CheckedDocument {
    package func check() throws(DocumentProblem) {
        try Check.text(id, "the name of the job")
        try Check.count(curveAfter ?? 0, "curveAfter")
    }
}

extension OperatorCall.Jobs: CheckedDocument {
    package func check() throws(DocumentProblem) {
        try Check.count(before ?? 0, "before")
    }
}

extension OperatorCall.Models: CheckedDocument {
    package func check() throws(DocumentProblem) {
        if let model { try Check.name(model, "the model") }
        try Check.text(after?.model ?? "", "after.model")
        try Check.count(after?.version ?? 0, "after.version")
    }
}

extension OperatorCall.Nothing: CheckedDocument {
    package func check() throws(DocumentProblem) {}
}

extension OperatorCall.Launch: CheckedDocument {
    package func check() throws(DocumentProblem) {
        try Check.count(workers, "workers", in: 1...Check.ranks)
        try command.check()
    }
}

extension OperatorCall.LaunchOutput: CheckedDocument {
    package func check() throws(DocumentProblem) {
        try Check.text(id, "id")
        try Check.count(after, "after")
    }
}

extension OperatorCall.Promote: CheckedDocument {
    package func check() throws(DocumentProblem) {
        try Check.name(name, "the model")
        try Check.name(alias, "the alias", isValid: ClusterName.isValidAlias, rule: ClusterName.aliasRule)
        try Check.count(version, "version", in: 1...Check.largestCount)
        try Check.text(reason, "the reason", atMost: 4096)
    }
}

extension OperatorCall.Rollback: CheckedDocument {
    package func check() throws(DocumentProblem) {
        try Check.name(name, "the model")
        try Check.name(alias, "the alias")
    }
}

extension OperatorCall.Promotion: CheckedDocument {
    package func check() throws(DocumentProblem) {
        try Check.name(name, "the model")
    }
}

extension OperatorCall.JobsPage: CheckedDocument {
    package func check() throws(DocumentProblem) {
        for job in jobs { try job.check() }
    }
}

extension OperatorCall.ModelsPage: CheckedDocument {
    package func check() throws(DocumentProblem) {
        for entry in entries { try entry.version.check() }
    }
}

extension OperatorCall.DeleteModel: CheckedDocument {
    package func check() throws(DocumentProblem) {
        try Check.name(name, "the model")
        try Check.count(version ?? 1, "version", in: 1...Check.largestCount)
    }
}

extension OperatorCall.DeleteAlias: CheckedDocument {
    package func check() throws(DocumentProblem) {
        try Check.name(name, "the model")
        try Check.name(alias, "the alias")
    }
}

extension OperatorCall.Deletion: CheckedDocument {
    package func check() throws(DocumentProblem) {}
}

extension OperatorCall.Collection: CheckedDocument {
    package func check() throws(DocumentProblem) {
        try Check.count(contents, "contents")
        try Check.count(contentBytes, "contentBytes")
    }
}

extension OperatorCall.Backup: CheckedDocument {
    package func check() throws(DocumentProblem) {}
}

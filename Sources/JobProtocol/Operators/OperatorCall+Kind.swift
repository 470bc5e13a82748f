extension OperatorCall {
    /// The kinds of the documents by which operators call.
    package enum Kind: String, CaseIterable, Sendable {
        case submit = "operator.submit"
        case job = "operator.job"
        case report = "operator.report"
        case trace = "operator.trace"
        case jobs = "operator.jobs"
        case cancel = "operator.cancel"
        case models = "operator.models"
        case promote = "operator.promote"
        case rollback = "operator.rollback"
        case deleteModel = "operator.delete-model"
        case deleteAlias = "operator.delete-alias"
        case deleteJob = "operator.delete-job"
        case collect = "operator.gc"
        case backup = "operator.backup"
        case status = "operator.status"
        case launch = "operator.launch"
        case launchOutput = "operator.launch-output"
        case cancelLaunch = "operator.cancel-launch"
    }
}

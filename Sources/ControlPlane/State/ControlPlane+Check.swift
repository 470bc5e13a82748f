package import ClusterProtocol
import Training

extension ControlPlane {
    /// Throws what is wrong with a state that was written down: numbers that are counted on from must leave room for it.
    package func check() throws(DocumentProblem) {
        try Check.count(scheduler.lastJobNumber, "lastJobNumber")
        try Check.count(Int(clamping: scheduler.lastGeneration), "lastGeneration")
        try Check.count(Int(clamping: deployment.routing.epoch), "routing.epoch")
        for job in scheduler.jobs {
            try Check.count(job.preparations, "jobs.preparations")
            try Check.count(job.failures, "jobs.failures")
            try Check.count(job.failuresInAll, "jobs.failuresInAll")
            try Check.count(job.specification.train.slices, "jobs.specification.train.slices", in: 1...Check.ranks)
        }
        for versions in deployment.registry.versions.values {
            for version in versions { try Check.count(version.version, "versions.version") }
        }
    }
}

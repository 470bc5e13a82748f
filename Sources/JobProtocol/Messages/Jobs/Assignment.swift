package import ClusterProtocol
package import Datasets
package import Training

/// Coordinator to worker: take part in one generation of one job.
package struct Assignment: ClusterMessage {
    package static let kind = MessageKind.assign
    package static let path = MessagePath.coordinatorToWorker

    package var job: String
    /// Counts up with every change of the set of workers; also names the collective group on the wire.
    package var generation: UInt64
    package var rank: Int
    /// In rank order, this worker included.
    package var members: [Member]
    package var specification: JobSpecification
    package var plan: DataPlan
    /// What the parameters start from at the beginning; nil: random numbers.
    package var start: StartingPoint?
    /// Where to go on; nil: at the beginning.
    package var resume: CheckpointReference?
    /// The loss curve up to there, thinned.
    package var curve: [EpochRecord]
    /// Whether to record what is done when.
    package var profile: Bool

    package struct Member: Codable, Sendable, Equatable {
        package var name: String
        package var endpoint: String
        /// The contiguous slices of every batch that this member computes.
        package var slices: Range<Int>

        package init(name: String, endpoint: String, slices: Range<Int>) {
            self.name = name
            self.endpoint = endpoint
            self.slices = slices
        }
    }

    package init(
        job: String, generation: UInt64, rank: Int, members: [Member], specification: JobSpecification,
        plan: DataPlan, start: StartingPoint? = nil, resume: CheckpointReference?, curve: [EpochRecord],
        profile: Bool = false
    ) {
        self.job = job
        self.generation = generation
        self.rank = rank
        self.members = members
        self.specification = specification
        self.plan = plan
        self.start = start
        self.resume = resume
        self.curve = curve
        self.profile = profile
    }
}

extension Assignment {
    package func check() throws(DocumentProblem) {
        try Check.text(job, "job")
        try Check.count(members.count, "members", in: 1...Check.ranks)
        try Check.count(rank, "rank", in: 0...members.count - 1)
        try specification.check()
        var next = 0
        for (rank, member) in members.enumerated() {
            try Check.text(member.name, "members[\(rank)].name")
            try Check.text(member.endpoint, "members[\(rank)].endpoint")
            guard member.slices.lowerBound == next, !member.slices.isEmpty else {
                throw DocumentProblem(
                    field: "members[\(rank)].slices", expected: "slices from \(next) on", got: "\(member.slices)")
            }
            next = member.slices.upperBound
        }
        guard next == specification.train.slices else {
            throw DocumentProblem(
                field: "members", expected: "all \(specification.train.slices) slices", got: "\(next)")
        }
        try plan.check(slices: next)
        try resume?.check("resume")
        try curve.check()
    }
}

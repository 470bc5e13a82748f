import Checkpoints
import Datasets
import Digests
import Foundation
import Messaging
import Testing
import Training
import Wire

@testable import ClusterProtocol
@testable import ControlPlane
@testable import JobProtocol

/// A cluster in which anything happens: nodes come, go and contradict themselves, operators ask for all there is, what the
/// control plane asks for is done right, wrong, late or never, and the coordinator starts again from what it stored.
struct RandomCluster {
    private(set) var plane: ControlPlane
    private(set) var events: [(event: Event, at: Moment)] = []
    private(set) var allEffects: [Effects] = []
    private(set) var stored = StoredChanges()
    /// What broke a rule, with the event that did.
    private(set) var faults: [String] = []
    /// How often the plane answered, and how: to see that a sequence does more than being refused.
    private(set) var counts: [String: Int] = [:]

    private var random: SplitMix
    private var now = Moment.start
    private var lastRequest: UInt64 = 0
    /// Requests that wait, with what asked.
    private(set) var open: [RequestID: String] = [:]
    /// The newest request of each rank that repeats itself until it is heard, and those before them, for whose answers
    /// nobody waits any more.
    private var newest: [String: RequestID] = [:]
    private var givenUp: Set<RequestID> = []
    /// What the plane asked for and nobody has done yet.
    private var todo: [Action] = []
    private var generations: [UInt64: String] = [:]
    private var lastGeneration: UInt64 = 0
    private var incarnations: [String: UInt64] = [:]
    private var steps = 0

    private static let workers = (0..<4).map { "worker-\($0)" }
    private static let inference = (0..<3).map { "inference-\($0)" }
    private static let gateways = (0..<2).map { "gateway-\($0)" }
    private static let models = ["digits", "sevens"]

    init(seed: UInt64) {
        random = SplitMix(state: seed)
        plane = ControlPlane(clusterID: "c", start: "0", at: now)
        happen(.started)
    }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
    private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    private mutating func one<Element>(of list: [Element]) -> Element? { list.randomElement(using: &random) }

    private mutating func request(_ what: String) -> RequestID {
        lastRequest += 1
        open[RequestID(lastRequest)] = what
        return RequestID(lastRequest)
    }

    private mutating func repeatedRequest(_ what: String, from name: String, job: String) -> RequestID {
        let request = request(what)
        if let earlier = newest.updateValue(request, forKey: "\(what) \(name) \(job)"), open[earlier] != nil {
            open[earlier] = nil
            givenUp.insert(earlier)
        }
        return request
    }

    mutating func step() {
        switch number(0...99) {
        case ..<25: letTimePass(by: .milliseconds(number(0...1500)))
        case ..<35: join()
        case ..<50: heartbeat()
        case ..<72: completeSomething(rightly: 85)
        case ..<84: trainSomething()
        case ..<88: launchSomething()
        case ..<98: ask()
        default:
            if chance(40) { restart() } else { happen(.stalled(.seconds(number(0...5)))) }
        }
    }

    mutating func letTimePass(by duration: Duration) {
        now = now.advanced(by: duration)
        for overdue in Event.Overdue.allCases { happen(.due(overdue)) }
    }

    private mutating func join() {
        let (name, role) = node()
        // Mostly a new process; or one that joins again, or that is older than the member.
        if chance(60) { incarnations[name, default: 0] += 1 }
        let incarnation = max(1, incarnations[name, default: 1] - (chance(10) ? 1 : 0))
        let peer = Peer.example(name, role, connection: UInt64(number(1...9)))
        var join = Join.example(name, role, incarnation: incarnation)
        if chance(3) { join.clusterID = "another" }
        happen(.joined(join, protocolVersion: protocolVersion, from: peer, request("join")))
    }

    private mutating func node() -> (String, Role) {
        switch number(0...9) {
        case ..<5: (one(of: Self.workers)!, .worker)
        case ..<8: (one(of: Self.inference)!, .inference)
        default: (one(of: Self.gateways)!, .gateway)
        }
    }

    private mutating func heartbeat() {
        let (name, role) = node()
        let heartbeat = Heartbeat(
            incarnation: incarnations[name, default: 1], cpuPercent: 1, residentBytes: 1)
        var report = NodeReport(activity: "idle")
        switch role {
        case .worker:
            let running = plane.scheduler.jobs.compactMap { job in
                job.running.flatMap { generation in
                    generation.rank(of: name).map { _ in WorkerReport(job: job.id, generation: generation.number) }
                }
            }
            report.worker = chance(80) ? running.first ?? WorkerReport() : WorkerReport()
        case .inference:
            let wanted = plane.deployment.registry.wanted.sorted { "\($0)" < "\($1)" }
            var replicas: [ReplicaReport] = []
            for key in wanted where chance(80) { replicas += replica(key).map { [$0] } ?? [] }
            report.inference = InferenceReport(replicas: replicas)
        default:
            let position = plane.deployment.routing.position
            report.gateway = GatewayReport(
                routingEpoch: position.epoch - (chance(20) && position.epoch > 0 ? 1 : 0),
                routingSource: position.source, traffic: [:])
        }
        let peer = Peer.example(name, role)
        happen(.heartbeat(heartbeat, chance(90) ? report : nil, from: peer, request("heartbeat")))
    }

    private mutating func replica(_ key: ReplicaKey) -> ReplicaReport? {
        guard let version = plane.deployment.registry.versions[key.model]?.first(where: { $0.version == key.version })
        else { return nil }
        let state: ReplicaReport.State = chance(85) ? .ready : .failed
        return ReplicaReport(
            model: key.model, version: key.version, manifest: version.manifest, state: state,
            reason: state == .failed ? "no memory" : "")
    }

    /// Something that the plane asked for comes to its end.
    mutating func completeSomething(rightly percent: Int) {
        guard !todo.isEmpty else { return }
        let action = todo.remove(at: number(0...todo.count - 1))
        let isRight = chance(percent)
        switch action {
        case .order(let order, let node, let incarnation):
            let outcome: OrderOutcome =
                isRight ? .acknowledged : chance(50) ? .refused(Failure(.internal, "no")) : .unanswered("late")
            happen(.orderAnswered(order.subject, node: node, incarnation: incarnation, outcome))
            if isRight, case .load(let load) = order, let replica = replica(ReplicaKey(load.model, load.version)) {
                happen(.replicaReported(replica, from: node, request("replica")))
            }
        case .publish(let table, let gateways):
            guard isRight else { return }
            for name in gateways { happen(.routed(table.position, by: name, request("routed"))) }
        case .prepare(let job, let specification, _):
            if isRight {
                happen(.prepared(job: job, .example(slices: specification.train.slices), nil))
            } else {
                let events: [Event] = [
                    .preparationFailed(job: job, reason: "no such column"),
                    .preparationDied(job: job, reason: "status 137"), .preparationFoundNoRoom(job: job),
                ]
                happen(one(of: events)!)
            }
        case .storeCheckpoint(let upload):
            let wrong: [Event] = [.checkpointRefused(upload, reason: "bytes"), .checkpointFoundNoRoom(upload)]
            happen(isRight ? .checkpointStored(upload) : one(of: wrong)!)
        case .storeManifest(let job, let generation, let manifest):
            let digest = ContentDigest.fake("manifest-\(job)-\(generation)")
            let wrong: [Event] = [
                .manifestRefused(job: job, generation: generation, reason: "no", permanent: chance(50)),
                .manifestFoundNoRoom(job: job, generation: generation),
            ]
            happen(
                isRight ? .manifestStored(manifest, digest, job: job, generation: generation) : one(of: wrong)!)
        case .answer, .stopPreparation, .discardUploads, .release, .log: break
        }
    }

    /// A rank tells of its generation, or of one that is none.
    private mutating func trainSomething() {
        let running = plane.scheduler.jobs.filter { $0.running != nil }
        guard let job = one(of: running), let generation = job.running else { return }
        let number = generation.number - (chance(5) ? 1 : 0)
        let rank = self.number(0...max(0, generation.members.count - 1))
        let name = chance(95) ? generation.members[rank].name : one(of: Self.workers)!
        switch self.number(0...9) {
        case ..<2:
            happen(
                .progressed(
                    ProgressReport(
                        job: job.id, generation: number, epoch: 1, epochs: 3, step: steps, steps: 10, loss: 0.5,
                        samplesPerSecond: 1, secondsLeft: 1), from: name, request("progress")))
        case ..<6:
            let checkpoint = CheckpointReference.example(step: self.number(1...3))
            for (rank, member) in generation.members.enumerated() where chance(90) {
                happen(
                    .checkpoint(
                        CheckpointCommit(
                            job: job.id, generation: number, rank: rank, checkpoint: checkpoint, modelBytes: 10,
                            optimizerBytes: 20,
                            curve: [EpochRecord(epoch: 1, step: checkpoint.progress.step, trainingLoss: 0.5)]),
                        from: member.name, repeatedRequest("checkpoint", from: member.name, job: job.id)))
            }
        case ..<9:
            let result = TrainingResult.example(accuracy: chance(80) ? 0.95 : 0.5)
            let name = chance(90) ? generation.members[0].name : name
            happen(
                .finished(
                    GenerationFinished(job: job.id, generation: number, result: result), from: name,
                    repeatedRequest("finished", from: name, job: job.id)))
        default:
            happen(
                .generationFailed(
                    GenerationFailed(
                        job: job.id, generation: number, rank: rank, reason: "fell over", permanent: chance(20),
                        noRoom: chance(20) ? true : nil), from: name, request("failed")))
        }
    }

    private mutating func launchSomething() {
        guard let launch = one(of: plane.scheduler.launches), chance(70) else {
            return happen(
                .launch(StartLaunch(name: "x", workers: number(1...3), command: .example), by: "ada", request("launch"))
            )
        }
        let generation = launch.generation &- (chance(5) ? 1 : 0)
        let name = one(of: Self.workers)!
        let rank = number(0...2)
        switch number(0...3) {
        case 0:
            happen(
                .rankReady(
                    RankReady(launch: launch.id, generation: generation, rank: rank, address: .example), from: name,
                    request("rank ready")))
        case 1:
            happen(
                .rankPrinted(
                    RankOutput(
                        launch: launch.id, generation: generation, rank: rank, first: number(0...9), lines: ["a"]),
                    from: name, request("rank output")))
        case 2:
            happen(
                .rankEnded(
                    RankEnded(
                        launch: launch.id, generation: generation, rank: rank,
                        status: chance(70) ? .exited(0) : .signalled(9), tail: [], printed: 1), from: name,
                    request("rank ended")))
        default: happen(.cancelLaunch(launch.id, by: "ada", request("cancel launch")))
        }
    }

    /// What operators ask for. Of jobs and launches that are not there the shell knows by itself.
    private mutating func ask() {
        let model = one(of: Self.models)!
        let alias = chance(70) ? "production" : "canary"
        switch number(0...9) {
        case ..<4:
            let specification = JobSpecification.example(name: model, workers: number(1...3), slices: number(3...4))
            happen(.submit(SubmitJob(specification: specification, source: ""), by: "ada", request("submit")))
        case 4:
            guard let job = one(of: plane.scheduler.jobs) else { return }
            happen(.cancel(job: job.id, by: "ada", request("cancel")))
        case ..<7:
            happen(
                .promote(
                    PromoteVersion(
                        name: model, version: number(1...3), alias: alias, force: chance(30), reason: "because"),
                    by: "ada", request("promote")))
        case 7: happen(.rollBack(RollBackAlias(name: model, alias: alias), by: "ada", request("rollback")))
        case 8:
            happen(
                .deleteModel(
                    DeleteModel(name: model, version: chance(80) ? number(1...3) : nil), by: "ada", request("delete")))
        default:
            happen(.deleteAlias(DeleteAlias(name: model, alias: alias), by: "ada", request("delete alias")))
        }
    }

    /// The next coordinator, from what was stored: nobody waits any more, and nothing that was begun is known.
    private mutating func restart() {
        let before = plane
        now = now.advanced(by: .milliseconds(number(0...3000)))
        plane = ControlPlane(clusterID: "c", start: "\(steps)", stored: stored.state, at: now)
        check(
            plane.scheduler.jobs.map(\.id) == before.scheduler.jobs.map(\.id), "a restart changes the jobs under way")
        check(plane.deployment.registry == before.deployment.registry, "a restart changes the registry")
        check(plane.deployment.routing.epoch >= before.deployment.routing.epoch, "a restart turns the table back")
        open = [:]
        newest = [:]
        givenUp = []
        todo = []
        events = []
        allEffects = []
        restarts += 1
        start = plane
        happen(.started)
    }

    /// From where `events` lead to `plane`.
    private(set) lazy var start = ControlPlane(clusterID: "c", start: "0", at: .start)
    private(set) var restarts = 0

    /// All that was asked for is done, and nodes say nothing more: until nobody waits.
    mutating func comeToRest() {
        for _ in 0..<200 where !todo.isEmpty { completeSomething(rightly: 100) }
        for _ in 0..<80 {
            letTimePass(by: .seconds(10))
            for _ in 0..<200 where !todo.isEmpty { completeSomething(rightly: 100) }
        }
    }

    private mutating func happen(_ event: Event) {
        steps += 1
        var effects: Effects = []
        plane.handle(event, at: now, into: &effects)
        events.append((event, now))
        allEffects.append(effects)
        let final = stored.jobs.filter { $0.value.state.isFinal }
        for change in effects.changes {
            if case .job(let job) = change, let over = final[job.id] {
                check(job.state == over.state, "\(job.id) was \(over.state) and is \(job.state)", event)
            }
            stored.apply(change)
        }
        for action in effects.actions {
            switch action {
            case .answer(let request, let answer):
                check(
                    open.removeValue(forKey: request) != nil || givenUp.remove(request) != nil,
                    "request \(request.value) is answered twice", event)
                counts[answer.kind, default: 0] += 1
            case .order, .publish, .prepare, .storeCheckpoint, .storeManifest: todo.append(action)
            case .stopPreparation, .discardUploads, .release, .log: break
            }
        }
        checkJobs(event)
        checkModels(event)
    }

    private mutating func checkJobs(_ event: Event) {
        let active = Set(plane.scheduler.jobs.map(\.id))
        for (id, job) in stored.jobs where !job.state.isFinal {
            check(active.contains(id), "\(id) is lost", event)
        }
        for id in active { check(stored.jobs[id].map { !$0.state.isFinal } == true, "\(id) is not stored", event) }
        var owners: [String: String] = [:]
        for job in plane.scheduler.jobs {
            guard let generation = job.running else { continue }
            let owner = generations[generation.number] ?? job.id
            check(owner == job.id, "generation \(generation.number) is of \(owner) and \(job.id)", event)
            if generations[generation.number] == nil {
                let last = lastGeneration
                check(
                    generation.number > last, "generation \(generation.number) of \(job.id) comes after \(last)", event)
                generations[generation.number] = job.id
                lastGeneration = max(lastGeneration, generation.number)
            }
            check(
                generation.members.flatMap { Array($0.slices) } == Array(0..<job.specification.train.slices),
                "the slices of \(job.id) are not shared out once", event)
            for member in generation.members where generation.finishing == nil {
                let other = owners.updateValue(job.id, forKey: member.name)
                check(other == nil, "\(member.name) trains \(other ?? "") and \(job.id)", event)
            }
        }
    }

    private mutating func checkModels(_ event: Event) {
        let registry = plane.deployment.registry
        func isRegistered(_ model: String, _ version: Int) -> Bool {
            registry.versions[model]?.contains { $0.version == version } == true
        }
        for (key, alias) in registry.aliases {
            check(
                isRegistered(key.model, alias.version), "\(key) stands for version \(alias.version), which is none",
                event)
        }
        for route in plane.deployment.routing.models {
            check(
                isRegistered(route.model, route.version), "\(route.model):\(route.version) is routed, and is none",
                event)
            for node in route.nodes {
                guard let holder = plane.deployment.nodes[node.name] else { continue }
                let state = holder.replicas[ReplicaKey(route.model, route.version)]?.state
                check(
                    state == .ready,
                    "\(route.model):\(route.version) is routed to \(node.name), where it is \(String(describing: state))",
                    event)
            }
        }
        var seen: Set<AliasKey> = []
        for route in plane.deployment.routing.models {
            for alias in route.aliases {
                check(
                    seen.insert(AliasKey(route.model, alias)).inserted, "\(route.model)@\(alias) is routed twice", event
                )
            }
        }
    }

    private mutating func check(_ holds: Bool, _ fault: @autoclosure () -> String, _ event: Event? = nil) {
        guard !holds, faults.count < 5 else { return }
        faults.append("step \(steps): \(fault()); after \(event.map { String("\($0)".prefix(300)) } ?? "a restart")")
    }
}

extension Answer {
    /// The case, without what it carries.
    fileprivate var kind: String { String("\(self)".prefix { $0 != "(" }) }
}

package import JobProtocol
package import ClusterProtocol
import Explanations
import Training
import Wire

/// Launches share the workers with the jobs, in one queue. A launch has one try: what it runs is the person's own, who
/// waits for it and decides what to do next.
extension Scheduler {
    package func launch(_ id: String) -> Launch? {
        launches.first { $0.id == id }
    }

    package mutating func submit(_ call: StartLaunch, request: RequestID, at now: Moment, into effects: inout Effects) {
        if let refusal = refusal(of: call) { return effects.answer(request, .failure(refusal)) }
        lastJobNumber += 1
        // A launch is not stored, and its name is never given again all the same.
        effects.save(.number(lastJobNumber))
        let launch = Launch(
            id: "\(call.name)-\(lastJobNumber)", number: lastJobNumber, command: call.command,
            workersAsked: call.workers, submitted: now.date)
        launches.append(launch)
        log(.info, "launch submitted", job: launch.id, ["executable": call.command.executable], into: &effects)
        schedule(at: now, into: &effects)
        effects.answer(request, .launch(self.launch(launch.id)?.status ?? launch.status))
    }

    /// False when there is no such launch. One that is over stays as it is.
    @discardableResult
    package mutating func cancelLaunch(_ id: String, request: RequestID, at now: Moment, into effects: inout Effects)
        -> Bool
    {
        guard let launch = launch(id) else { return false }
        if !launch.state.isFinal {
            end(id, as: .cancelled, detail: "cancelled by the operator", at: now, into: &effects)
            schedule(at: now, into: &effects)
        }
        effects.answer(request, .launch(self.launch(id)?.status ?? launch.status))
        return true
    }

    /// A worker answered the order to start its rank, or the one with the roster.
    package mutating func launchOrderAnswered(
        _ name: String, launch id: String, generation: UInt64, failure: String?, at now: Moment,
        into effects: inout Effects
    ) {
        guard let failure, let launch = running(id, generation), let rank = launch.rank(of: name) else { return }
        // The reason of a refusal names the worker by itself.
        end(
            id, as: .failed, detail: failure.hasPrefix(name) ? failure : "\(launch.name(ofRank: rank)): \(failure)",
            at: now, into: &effects)
        schedule(at: now, into: &effects)
    }

    /// A rank listens. Once all do, each is told who the others are.
    package mutating func rankReady(
        _ ready: RankReady, from name: String, request: RequestID, at now: Moment, into effects: inout Effects
    ) {
        effects.answer(request, .acknowledgement)
        guard let launch = running(ready.launch, ready.generation), launch.rank(of: name) == ready.rank else {
            return
        }
        changeLaunch(launch.id) { $0.ranks[ready.rank].address = ready.address }
        guard let ranks = self.launch(launch.id)?.ranks else { return }
        let entries = ranks.compactMap { rank in
            rank.address.map { LaunchRoster.Rank(node: rank.node, address: $0) }
        }
        guard entries.count == ranks.count else { return }
        let roster = LaunchRoster(launch: launch.id, generation: launch.generation, ranks: entries)
        for rank in ranks where !rank.isDone {
            effects.act(.order(.roster(roster), node: rank.node, incarnation: rank.incarnation))
        }
    }

    package mutating func rankPrinted(
        _ output: RankOutput, from name: String, request: RequestID, into effects: inout Effects
    ) {
        guard hasRank(output.rank, of: output.launch, output.generation, on: name) else {
            return effects.answer(request, .failure(Failure(.notFound, "there is no launch '\(output.launch)'")))
        }
        changeLaunch(output.launch) { $0.output.add(output) }
        effects.answer(request, .acknowledgement)
    }

    /// A rank has ended. When all have ended well the launch is finished; one that has not ends it.
    package mutating func rankEnded(
        _ ended: RankEnded, from name: String, request: RequestID, at now: Moment, into effects: inout Effects
    ) {
        effects.answer(request, .acknowledgement)
        if let printed = ended.printed, hasRank(ended.rank, of: ended.launch, ended.generation, on: name) {
            changeLaunch(ended.launch) { $0.output.end(ended.rank, printed: printed) }
        }
        guard let launch = running(ended.launch, ended.generation), launch.rank(of: name) == ended.rank else {
            return
        }
        if let problem = ended.problem {
            end(
                launch.id, as: .failed, detail: "\(launch.name(ofRank: ended.rank)) \(problem)", at: now, into: &effects
            )
        } else {
            changeLaunch(launch.id) { $0.ranks[ended.rank].isDone = true }
            if self.launch(launch.id)?.ranks.allSatisfy(\.isDone) == true {
                end(
                    launch.id, as: .finished, detail: "all \(counted(launch.ranks.count, "rank")) ended well",
                    at: now, into: &effects)
            }
        }
        schedule(at: now, into: &effects)
    }

    /// A worker is gone, and its rank with it.
    mutating func failLaunch(
        on name: String, incarnation: UInt64? = nil, reason: String, at now: Moment, into effects: inout Effects
    ) {
        for launch in launches where launch.state == .running {
            guard let rank = launch.rank(of: name), !launch.ranks[rank].isDone,
                incarnation == nil || launch.ranks[rank].incarnation != incarnation
            else { continue }
            end(launch.id, as: .failed, detail: "\(launch.name(ofRank: rank)): \(reason)", at: now, into: &effects)
        }
    }

    /// Starts a waiting launch on these workers, in rank order.
    mutating func start(_ launch: Launch, on workers: [ScheduledWorker], at now: Moment, into effects: inout Effects) {
        lastGeneration += 1
        let number = lastGeneration
        effects.save(.generation(number))
        changeLaunch(launch.id) {
            $0.state = .running
            $0.generation = number
            $0.started = now.date
            $0.detail = "on \(counted(workers.count, "worker"))"
            $0.ranks = workers.map { Launch.Rank(node: $0.name, incarnation: $0.incarnation) }
        }
        for (rank, worker) in workers.enumerated() {
            self.workers[worker.name]?.state = .assigned(job: launch.id, generation: number)
            let assignment = LaunchAssignment(
                launch: launch.id, generation: number, rank: rank, worldSize: workers.count, command: launch.command)
            effects.act(.order(.launch(assignment), node: worker.name, incarnation: worker.incarnation))
        }
        log(
            .info, "launch started", job: launch.id, ["workers": workers.map(\.name).joined(separator: ",")],
            into: &effects)
    }

    /// Why a waiting launch cannot start now; nil when it can.
    func obstacle(to launch: Launch, free: Int) -> String? {
        free < launch.workersAsked ? shortage(launch.workersAsked, free: free) : nil
    }

    /// Sends the ranks that still run away, and keeps the launch for those who ask for it, as one of the last few.
    private mutating func end(
        _ id: String, as state: LaunchStatus.State, detail: String, at now: Moment, into effects: inout Effects
    ) {
        guard let launch = launch(id) else { return }
        let patience = now.instant + policy.stopTimeout
        for rank in launch.ranks {
            guard let worker = workers[rank.node], worker.isAssigned(to: id, generation: launch.generation) else {
                continue
            }
            workers[worker.name]?.state = .leaving(job: id, generation: launch.generation, patience: patience)
            if !rank.isDone {
                orderStop(
                    worker, job: id, generation: launch.generation, reason: "the launch is over: \(detail)",
                    into: &effects)
            }
        }
        changeLaunch(id) {
            $0.state = state
            $0.detail = detail
            $0.ended = now.date
        }
        log(state == .failed ? .error : .info, "launch \(state.rawValue)", job: id, ["detail": detail], into: &effects)
        let over = launches.filter(\.state.isFinal)
        let forgotten = Set(over.dropLast(policy.endedLaunches).map(\.id))
        launches.removeAll { forgotten.contains($0.id) }
    }

    private func running(_ id: String, _ generation: UInt64) -> Launch? {
        launch(id).flatMap { $0.state == .running && $0.generation == generation ? $0 : nil }
    }

    /// Whether the launch, over or not, has this rank on this worker.
    private func hasRank(_ rank: Int, of id: String, _ generation: UInt64, on name: String) -> Bool {
        guard let launch = launch(id) else { return false }
        return launch.generation == generation && launch.rank(of: name) == rank
    }

    mutating func changeLaunch(_ id: String, _ body: (inout Launch) -> Void) {
        guard let index = launches.firstIndex(where: { $0.id == id }) else { return }
        body(&launches[index])
    }

    private func refusal(of call: StartLaunch) -> Failure? {
        if launches.count(where: { !$0.state.isFinal }) >= policy.activeJobs {
            return Failure(.queueFull, "\(policy.activeJobs) launches wait or run, which is the limit; cancel one")
        }
        if !ClusterName.isValid(call.name) {
            return Failure(.invalidArgument, ClusterName.expectation(for: "the launch's name", got: call.name))
        }
        if call.workers < 1 {
            return Failure(
                .invalidArgument,
                "\(counted(call.workers, "worker was", "workers were")) asked for, expected at least 1")
        }
        return nil
    }
}

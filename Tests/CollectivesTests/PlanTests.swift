import Collectives
import CollectivesTestKit
import Tensors
import Testing

/// Plans as data: who sends what to whom, how often and how much, and that every addition counts.
@Suite struct PlanTests {
    typealias Algorithm = AllReduce.Algorithm

    static func layouts(_ ranks: Int, slices: Int? = nil, hosts: Int? = nil) -> [GroupLayout] {
        let tree = SliceTree(slices: slices ?? ranks)
        let places = hosts.map { hosts in
            (0..<hosts).map { host in (0..<ranks).filter { $0 * hosts / ranks == host } }
        }
        return (0..<ranks).map {
            GroupLayout(rank: $0, shares: tree.shares(ranks: ranks), tree: tree, hosts: places)
        }
    }

    static func sends(_ plan: Plan) -> [(message: Plan.Message, count: Int)] {
        plan.steps.compactMap { step in
            if case .send(let message, let place) = step { (message, place.elements.count) } else { nil }
        }
    }

    static func receives(_ plan: Plan) -> [(message: Plan.Message, count: Int)] {
        plan.steps.compactMap { step in
            if case .receive(let message, let place) = step { (message, place.elements.count) } else { nil }
        }
    }

    private static let tuning = Numbers.tuning

    /// Every plan there is, of all ranks of one operation.
    static func operations(ranks: Int, count: Int) -> [(name: String, plans: [Plan])] {
        let layouts = layouts(ranks)
        var operations = [Algorithm.exchange, .direct, .ring, .halvingDoubling].map { algorithm in
            (algorithm.rawValue, layouts.map { AllReduce.plan(algorithm, count: count, layout: $0, tuning: tuning) })
        }
        operations += [
            (
                "slices",
                Self.layouts(ranks, slices: ranks + 3).map {
                    AllReduce.plan(.direct, count: count, layout: $0, tuning: tuning)
                }
            ),
            (
                "hosts",
                Self.layouts(ranks, hosts: min(ranks, 3)).map {
                    AllReduce.plan(.hierarchical, count: count, layout: $0, tuning: tuning)
                }
            ),
            ("reduce-scatter", layouts.map { ReduceScatter.plan(count: count, layout: $0, tuning: tuning) }),
            ("all-gather", layouts.map { AllGather.plan(count: count, layout: $0, tuning: tuning) }),
            (
                "broadcast",
                layouts.map {
                    Broadcast.plan(count: count, root: ranks / 2, layout: $0, tuning: tuning)
                }
            ),
            ("barrier", layouts.map { Barrier.plan(layout: $0) }),
            ("all-to-all", layouts.map { AllToAll.plan(block: count, layout: $0, tuning: tuning) }),
        ]
        return operations
    }

    /// Every frame that one rank sends is awaited by exactly the rank it is sent to, and the other way round.
    @Test(arguments: 1...16)
    func sendsAndReceivesMatch(ranks: Int) {
        for count in Numbers.counts {
            for (name, plans) in Self.operations(ranks: ranks, count: count) {
                let sent = plans.enumerated().flatMap { rank, plan in
                    Self.sends(plan).map {
                        [rank, $0.message.peer, $0.message.phase, $0.message.segment, $0.message.part, $0.count]
                    }
                }
                let received = plans.enumerated().flatMap { rank, plan in
                    Self.receives(plan).map {
                        [$0.message.peer, rank, $0.message.phase, $0.message.segment, $0.message.part, $0.count]
                    }
                }
                #expect(Set(sent) == Set(received), "\(name) of \(count) on \(ranks)")
                #expect(
                    Set(sent).count == sent.count && sent.count == received.count, "\(name) of \(count) on \(ranks)")
            }
        }
    }

    /// A frame's memory is given back once it has been added up.
    @Test(arguments: 1...16)
    func framesAreReadOnce(ranks: Int) {
        for (name, plans) in Self.operations(ranks: ranks, count: 1000) {
            for plan in plans {
                var read: [Int] = []
                for step in plan.steps {
                    switch step {
                    case .sum(let sum, _):
                        for case .frame(let index) in sum.leaves.map(\.buffer) { read.append(index) }
                    case .send(_, let place), .copy(let place, _), .round(let place, _):
                        if case .frame = place.buffer { Issue.record("\(name) reads a frame that it does not add") }
                    case .receive, .flush, .arrive, .await: break
                    }
                }
                #expect(read.sorted() == Array(0..<plan.frameCount), "\(name) on \(ranks)")
            }
        }
    }

    /// Messages and elements that one rank sends, by the textbook; segments of 160 elements.
    @Test(arguments: 2...16)
    func messagesAndElementsAreThoseOfTheory(ranks: Int) {
        let count = 160 * ranks * 2
        let layouts = Self.layouts(ranks)
        func expect(
            _ name: String, _ plan: Plan, messages: Int, elements: Int,
            sourceLocation: SourceLocation = #_sourceLocation
        ) {
            let sends = Self.sends(plan)
            #expect(sends.count == messages, "\(name) on \(ranks)", sourceLocation: sourceLocation)
            #expect(
                sends.map(\.count).reduce(0, +) == elements, "\(name) on \(ranks)", sourceLocation: sourceLocation)
        }
        func plan(_ algorithm: Algorithm, _ layout: GroupLayout) -> Plan {
            AllReduce.plan(algorithm, count: count, layout: layout, tuning: Self.tuning)
        }
        let others = ranks - 1
        for layout in layouts {
            expect("exchange", plan(.exchange, layout), messages: others * 2 * ranks, elements: others * count)
            expect("direct", plan(.direct, layout), messages: 4 * others, elements: 2 * others * count / ranks)
            expect("ring", plan(.ring, layout), messages: 4 * others, elements: 2 * others * count / ranks)
            let scatter = ReduceScatter.plan(count: count, layout: layout, tuning: Self.tuning)
            expect("reduce-scatter", scatter, messages: 2 * others, elements: others * count / ranks)
            let gather = AllGather.plan(count: count, layout: layout, tuning: Self.tuning)
            expect("all-gather", gather, messages: 2 * others, elements: others * count / ranks)
            let transposition = AllToAll.plan(block: 320, layout: layout, tuning: Self.tuning)
            expect("all-to-all", transposition, messages: 2 * others, elements: others * 320)
            var rounds = 0
            while 1 << rounds < ranks { rounds += 1 }
            expect("barrier", Barrier.plan(layout: layout), messages: rounds, elements: 0)
            let power = ranks & others == 0 ? ranks : 1 << (rounds - 1)
            // The ranks beyond the power of two give theirs to others and get the result from them.
            let isFolded = layout.rank >= power
            let isPartner = layout.rank + power < ranks
            let halvings = isFolded ? 0 : power.trailingZeroBitCount
            let travelling = isFolded ? 0 : 2 * (power - 1) * count / power
            let folded = isFolded || isPartner ? 1 : 0
            expect(
                "halving-doubling", plan(.halvingDoubling, layout), messages: 2 * halvings + folded,
                elements: travelling + folded * count)
        }
        let broadcasts = layouts.map { Broadcast.plan(count: count, root: 1, layout: $0, tuning: Self.tuning) }
        #expect(broadcasts.flatMap(Self.sends).map(\.count).reduce(0, +) == others * count)
        #expect(broadcasts.flatMap(Self.sends).count == others * 2 * ranks)
    }

    /// Inside a host nothing is sent; between hosts, what a direct all-reduce of as many ranks sends.
    @Test func hostsSendAsIfEachWereOneRank() {
        let count = 160 * 8
        for layout in Self.layouts(8, hosts: 1) {
            #expect(Self.sends(AllReduce.plan(.shared, count: count, layout: layout, tuning: Self.tuning)).isEmpty)
        }
        for layout in Self.layouts(16, hosts: 4) {
            let plan = AllReduce.plan(.hierarchical, count: count, layout: layout, tuning: Self.tuning)
            let elements = Self.sends(plan).map(\.count).reduce(0, +)
            #expect(elements == (layout.rank.isMultiple(of: 4) ? 2 * 3 * count / 4 : 0))
        }
    }

    /// All ranks together, for lengths that do not divide evenly.
    @Test(arguments: 1...16)
    func nothingIsSentTwice(ranks: Int) {
        for count in Numbers.counts {
            let elements = Dictionary(
                uniqueKeysWithValues: Self.operations(ranks: ranks, count: count).map { name, plans in
                    (name, plans.flatMap(Self.sends).map(\.count).reduce(0, +))
                })
            let once = (ranks - 1) * count
            #expect(elements["exchange"] == ranks * once)
            #expect(elements["direct"] == 2 * once)
            #expect(elements["ring"] == 2 * once)
            #expect(elements["reduce-scatter"] == once)
            #expect(elements["all-gather"] == once)
            #expect(elements["broadcast"] == once)
            #expect(elements["all-to-all"] == ranks * once)
            #expect(elements["barrier"] == 0)
        }
    }

    /// What is really sent is what the plan says.
    @Test(arguments: [Algorithm.exchange, .direct, .ring, .halvingDoubling], [1, 2, 3, 4, 7, 16])
    func aRunSendsWhatItsPlanSays(algorithm: Algorithm, ranks: Int) async throws {
        let ensemble = Ensemble(ranks: ranks, slices: ranks, tuning: Self.tuning)
        let outcomes = await ensemble.run { group in
            let buffer = FloatBuffer(count: 1000)
            try group.allReduce("test", [buffer], into: buffer, count: 1000, algorithm: algorithm)
        }
        for outcome in outcomes { try outcome.get() }
        for layout in Self.layouts(ranks) {
            let sends = Self.sends(AllReduce.plan(algorithm, count: 1000, layout: layout, tuning: Self.tuning))
            let sent = ensemble.sent(by: layout.rank)
            #expect(sent.count == sends.count)
            #expect(sent.bytes == 4 * sends.map(\.count).reduce(0, +))
        }
    }

    /// Without any single one of its additions a plan gives something else.
    @Test(arguments: Algorithm.allCases, [2, 3, 4, 8])
    func everyAdditionCounts(algorithm: Algorithm, ranks: Int) async throws {
        // Two hosts, one of which has two ranks.
        guard algorithm != .hierarchical || ranks > 2 else { return }
        let count = 320
        let hosts = algorithm == .hierarchical ? 2 : 1
        let additions = Self.layouts(ranks, hosts: hosts).map {
            Self.additions(AllReduce.plan(algorithm, count: count, layout: $0, tuning: Self.tuning))
        }
        #expect(additions.reduce(0, +) >= ranks - 1)
        let reference = (0..<count).map { Numbers.sum(0..<ranks, index: $0) }
        for (culprit, number) in additions.enumerated() where number > 0 {
            for removed in [nil, 0, number / 2, number - 1] {
                let ensemble = Ensemble(ranks: ranks, slices: ranks, tuning: Self.tuning, hosts: hosts)
                let outcomes = await ensemble.run { group in
                    let (shared, layout) = try SharedMemoryTests.open(group, count: count)
                    SharedMemoryTests.fill(shared, group, offset: 0, count: count)
                    let input = Numbers.buffer(count) { Numbers.value(slice: group.rank, index: $0) }
                    let output = FloatBuffer(count: count)
                    var plan = AllReduce.plan(algorithm, count: count, layout: layout, tuning: group.tuning)
                    if let removed, group.rank == culprit { Self.remove(removed, from: &plan) }
                    try group.run(
                        Collective("all-reduce", of: "test", count: count, plan: plan),
                        CollectiveBuffers(inputs: [input], output: output, shared: shared))
                    let result =
                        switch algorithm {
                        case .shared: shared.buffer(0, ofRank: group.rank)
                        case .hierarchical:
                            shared.buffer(
                                AllReduce.hierarchicalResultBuffer(layout), ofRank: layout.neighbours[0])
                        default: output
                        }
                    return Numbers.bits(result, 0..<count)
                }
                let isRight = try outcomes.allSatisfy { outcome in
                    zip(try outcome.get(), reference).allSatisfy { abs(Float(bitPattern: $0) - $1) <= 1e-5 * $1 }
                }
                #expect(isRight == (removed == nil), "\(algorithm) on \(ranks) without addition \(removed ?? -1)")
            }
        }
    }

    private static func additions(_ plan: Plan) -> Int {
        plan.steps.reduce(0) { if case .sum(let sum, _) = $1 { $0 + sum.additions.count } else { $0 } }
    }

    /// Takes the n-th addition out of a plan.
    private static func remove(_ number: Int, from plan: inout Plan) {
        var left = number
        for stage in plan.stages.indices {
            for strand in plan.stages[stage].indices {
                for step in plan.stages[stage][strand].indices {
                    guard case .sum(var sum, let targets) = plan.stages[stage][strand][step] else { continue }
                    guard left < sum.additions.count else {
                        left -= sum.additions.count
                        continue
                    }
                    sum.additions.remove(at: left)
                    plan.stages[stage][strand][step] = .sum(sum, into: targets)
                    return
                }
            }
        }
    }

    @Test(arguments: [0, 1, 15, 16, 17, 1000], 1...9)
    func sharesAreTheWholeRangeInOrder(count: Int, ranks: Int) {
        let shares = Ranges.shares(of: 5..<count + 5, ranks: ranks)
        #expect(shares.flatMap { Array($0) } == Array(5..<count + 5))
        #expect(shares.allSatisfy { $0.isEmpty || ($0.lowerBound - 5).isMultiple(of: 16) })
    }

    @Test func thresholdsDecide() {
        var tuning = Tuning()
        tuning.exchangeBytes = 100
        tuning.halvingDoublingBytes = 200
        let eight = Self.layouts(8)[0]
        #expect(tuning.algorithm(for: Self.layouts(2)[0], bytes: 1 << 30) == .exchange)
        #expect(tuning.algorithm(for: eight, bytes: 100) == .exchange)
        #expect(tuning.algorithm(for: eight, bytes: 200) == .halvingDoubling)
        #expect(tuning.algorithm(for: eight, bytes: 201) == .direct)
        #expect(tuning.algorithm(for: Self.layouts(6)[0], bytes: 200) == .direct, "its brackets are not the tree's")
        #expect(tuning.algorithm(for: Self.layouts(16)[0], bytes: 201, followsTree: false) == .ring)
    }

    @Test func theProbeWeighsLatencyAgainstBytes() {
        var slow = Tuning()
        slow.apply(Tuning.Probe(latency: 100e-6, secondsPerByte: 1e-9), ranks: 4)
        var fast = Tuning()
        fast.apply(Tuning.Probe(latency: 10e-6, secondsPerByte: 1e-9), ranks: 4)
        #expect(slow.exchangeBytes == 66_666)
        #expect(fast.exchangeBytes == 6666)
    }
}

package import Tensors

/// The collectives on ordinary memory, by messages. Inputs and outputs have the same length; each may begin at any
/// offset, and input and output may be the same buffer, except for all-to-all.
extension ProcessGroup {
    package func prepareAllReduce(
        _ name: String, count: Int, algorithm: AllReduce.Algorithm? = nil, wire: WireFormat = .f32
    ) -> Collective {
        let algorithm = algorithm ?? tuning.algorithm(for: layout, bytes: 4 * count)
        return Collective(
            "all-reduce", of: name, count: count, wire: wire, details: algorithm.rawValue,
            plan: AllReduce.plan(algorithm, count: count, layout: layout, tuning: tuning, wire: wire))
    }

    package func allReduce(
        _ name: String, _ inputs: [FloatBuffer], into output: FloatBuffer, offset: Int = 0, count: Int,
        algorithm: AllReduce.Algorithm? = nil, wire: WireFormat = .f32
    ) throws {
        let collective = prepareAllReduce(name, count: count, algorithm: algorithm, wire: wire)
        try run(collective, CollectiveBuffers(inputs: inputs, output: output, offset: offset))
    }

    package func reduceScatter(
        _ name: String, _ inputs: [FloatBuffer], into output: FloatBuffer, offset: Int = 0, count: Int,
        wire: WireFormat = .f32
    ) throws {
        let plan = ReduceScatter.plan(count: count, layout: layout, tuning: tuning, wire: wire)
        let collective = Collective("reduce-scatter", of: name, count: count, wire: wire, plan: plan)
        try run(collective, CollectiveBuffers(inputs: inputs, output: output, offset: offset))
    }

    package func allGather(
        _ name: String, _ input: FloatBuffer, into output: FloatBuffer, offset: Int = 0, count: Int,
        wire: WireFormat = .f32
    ) throws {
        let plan = AllGather.plan(count: count, layout: layout, tuning: tuning, wire: wire)
        let collective = Collective("all-gather", of: name, count: count, wire: wire, plan: plan)
        try run(collective, CollectiveBuffers(inputs: [input], output: output, offset: offset))
    }

    package func broadcast(
        _ name: String, _ input: FloatBuffer, into output: FloatBuffer, offset: Int = 0, count: Int, root: Int,
        wire: WireFormat = .f32
    ) throws {
        let plan = Broadcast.plan(count: count, root: root, layout: layout, tuning: tuning, wire: wire)
        let collective = Collective(
            "broadcast", of: name, count: count, wire: wire, details: "from rank \(root)", plan: plan)
        try run(collective, CollectiveBuffers(inputs: [input], output: output, offset: offset))
    }

    package func allToAll(
        _ name: String, _ input: FloatBuffer, into output: FloatBuffer, offset: Int = 0, block: Int,
        wire: WireFormat = .f32
    ) throws {
        precondition(input.pointer != output.pointer, "input and output must be different memory")
        let plan = AllToAll.plan(block: block, layout: layout, tuning: tuning, wire: wire)
        let collective = Collective("all-to-all", of: name, count: size * block, wire: wire, plan: plan)
        try run(collective, CollectiveBuffers(inputs: [input], output: output, offset: offset))
    }

    package func barrier(_ name: String) throws {
        try run(Collective("barrier", of: name, count: 0, plan: Barrier.plan(layout: layout)), CollectiveBuffers())
    }

    package func run(_ collective: Collective, _ buffers: CollectiveBuffers) throws {
        try CollectiveOperation(collective, in: self, buffers).run()
    }
}

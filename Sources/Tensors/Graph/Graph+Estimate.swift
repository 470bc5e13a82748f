extension Graph {
    /// Arithmetic of one row, forward and backward.
    public var work: Work {
        nodes.reduce(Work(forward: 0, backward: 0)) { $0 + $1.operation.work }
    }

    /// Bytes that an executor for so many rows would keep, told without taking them.
    public func memoryBytes(maximumRows: Int, purpose: GraphExecutor.Purpose) -> Int {
        let plan = ExecutionPlan(
            self, maximumRows: maximumRows, purpose: purpose == .training ? .training : .inference)
        return plan.arenaCount * MemoryLayout<Float>.stride
    }
}

extension Graph {
    /// What its operations look up, each table once however many share it.
    var tables: [PositionTable] {
        var seen: Set<ObjectIdentifier> = []
        return nodes.compactMap { $0.operation.table }.filter { seen.insert(ObjectIdentifier($0)).inserted }
    }

    /// Bytes of what its operations look up, which all executors share.
    public var tableBytes: Int {
        tables.reduce(0) { $0.saturatingSum($1.count * MemoryLayout<Float>.stride) }
    }
}

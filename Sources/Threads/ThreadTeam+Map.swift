extension ThreadTeam {
    /// What `transform` makes of each number below `count`, in order. Each member has a contiguous share of them.
    package func map<Result>(
        _ count: Int, _ transform: @escaping (_ index: Int, _ member: Int) throws -> Result
    ) throws -> [Result] {
        let results = UnsafeMutableBufferPointer<Result?>.allocate(capacity: count)
        results.initialize(repeating: nil)
        defer {
            results.deinitialize()
            results.deallocate()
        }
        try run(Mapping(results: results, members: self.count, transform: transform))
        return results.map { $0! }
    }
}

private struct Mapping<Result>: TeamWork {
    let results: UnsafeMutableBufferPointer<Result?>
    let members: Int
    let transform: (_ index: Int, _ member: Int) throws -> Result

    func perform(member: Int) throws {
        for index in member * results.count / members..<(member + 1) * results.count / members {
            results[index] = try transform(index, member)
        }
    }
}

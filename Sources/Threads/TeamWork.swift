/// What the members of a team do in one round.
///
/// A value, so that what a round works on is an argument of that round: it lies on the stack of whoever calls `run`,
/// where the members read it, and neither making it nor handing it over allocates.
package protocol TeamWork {
    /// One member's part. All members call it at the same time, so it changes only what is the member's own.
    func run(member: Int) throws
}

extension TeamWork {
    /// One member's part of the work that lies at an address.
    static func run(at address: UnsafeRawPointer, member: Int) throws {
        try address.assumingMemoryBound(to: Self.self).pointee.run(member: member)
    }
}

/// What the members of a `ThreadTeam` do in one round: a value that holds all they need for it.
///
/// A closure that outlives the call that it is given to takes memory. Such a value stays with whoever calls `run`, and
/// the members read it where it lies, so that a round allocates nothing.
package protocol TeamWork {
    /// The part of one member. Called once for each, at the same time on their threads.
    func perform(member: Int) throws
}

/// The work of a round, lent to the other members for as long as the round lasts.
struct LentWork {
    private let type: any TeamWork.Type
    private let address: UnsafeRawPointer

    /// - Parameter address: valid until the round is over.
    init<Work: TeamWork>(_ address: UnsafePointer<Work>) {
        type = Work.self
        self.address = UnsafeRawPointer(address)
    }

    func perform(member: Int) throws {
        try type.perform(at: address, member: member)
    }
}

extension TeamWork {
    fileprivate static func perform(at address: UnsafeRawPointer, member: Int) throws {
        try address.assumingMemoryBound(to: Self.self).pointee.perform(member: member)
    }
}

extension PendingRequests<Completion> {
    /// Takes every request whose deadline has come. The deadline of a stream moves with each part that is read, which is
    /// looked at only here: those that have time left go on waiting.
    mutating func expireAll(at now: UInt64) -> [Request] {
        expire(at: now).filter { request in
            guard let later = request.completion.laterDeadline(at: now) else { return true }
            wait(on: request, until: later)
            return false
        }
    }

    /// A stream goes on waiting after a part of it has come. The time for the next part may be shorter than that for the
    /// first.
    mutating func wait(on request: Request, until deadline: UInt64) {
        var request = request
        request.deadline = deadline
        insert(request)
    }
}

import Threads

/// What one operation has sent without a copy and libzmq has not yet read to the end.
final class Loans: @unchecked Sendable {
    private let condition = MonotonicCondition()
    private var count = 0

    /// Lends memory to a frame; it comes back when the last reader lets go of the loan.
    func lend(_ owner: any AnyObject & Sendable) -> Loan {
        condition.withLock { count += 1 }
        return Loan(owner: owner, loans: self)
    }

    var areReturned: Bool { condition.withLock { count == 0 } }

    /// Sleeps until everything has come back, at most until the deadline.
    func wait(until deadline: ContinuousClock.Instant) -> Bool {
        condition.withLock {
            while count > 0, condition.wait(until: deadline) {}
            return count == 0
        }
    }

    fileprivate func returned() {
        condition.withLock {
            count -= 1
            if count == 0 { condition.broadcast() }
        }
    }
}

/// Keeps the lent memory alive.
final class Loan: Sendable {
    private let owner: any AnyObject & Sendable
    private let loans: Loans

    fileprivate init(owner: any AnyObject & Sendable, loans: Loans) {
        self.owner = owner
        self.loans = loans
    }

    deinit {
        loans.returned()
    }
}

/// Waits for a turn, which whoever keeps the order says by resuming the continuation that `line` is given. Where nobody waits
/// for it any more, `giveUp` is called, once or twice, which resumes it unless that was done.
func waitForTurn<Turn: Sendable>(
    _ line: (CheckedContinuation<Turn, Never>) -> Void, giveUp: @Sendable () -> Void
) async -> Turn {
    await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
            line(continuation)
            // It may have been before there was something to give up.
            if Task.isCancelled { giveUp() }
        }
    } onCancel: {
        giveUp()
    }
}

/// What a messenger has counted of streams on one side: those it asked for, or those it answered.
package struct StreamCounts: Sendable, Equatable {
    package var opened = 0
    /// Now.
    package var open = 0
    package var parts = 0
    /// Ended because nobody reads any more, or the connection was lost.
    package var cancelled = 0
    /// Ended because a part did not come in time, or could not leave in time.
    package var timedOut = 0
    /// Ended because the other side did not keep to what was agreed on.
    package var broken = 0
    /// Not opened, because the other side had as many open as it may.
    package var refused = 0
}

import Synchronization

/// Numbers that depend on the position alone, which operations of a graph look up.
///
/// They are made with the first executor and not with the graph, so that a network costs nothing until it runs. All
/// executors share them, and so may all operations that look up the same.
public final class PositionTable: Sendable {
    /// Floats.
    public let count: Int
    private let fill: @Sendable (UnsafeMutablePointer<Float>) -> Void
    private let made = Mutex<FloatBuffer?>(nil)

    init(count: Int, fill: @escaping @Sendable (UnsafeMutablePointer<Float>) -> Void) {
        self.count = count
        self.fill = fill
    }

    /// Makes them if that was not done before.
    var values: FloatBuffer {
        made.withLock { made -> FloatBuffer in
            if let made { return made }
            let values = FloatBuffer(count: count)
            fill(values.pointer)
            made = values
            return values
        }
    }
}

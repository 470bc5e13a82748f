import Tensors

/// Records the forward pass of one slice, and its backward pass layer by layer: each time the gradient of a parameter is
/// final, the pass has left the layer that holds it.
struct GradientSpans {
    private let timeline: Timeline
    private let layout: ParameterLayout
    private let start = ContinuousClock.now
    /// Where the last span ended; nil during the forward pass.
    private var mark: ContinuousClock.Instant?

    init(_ timeline: Timeline, layout: ParameterLayout) {
        self.timeline = timeline
        self.layout = layout
    }

    /// The gradients of this range are final.
    mutating func finished(_ range: Range<Int>, backwardStart: ContinuousClock.Instant) {
        if mark == nil { timeline.record("forward", from: start, to: backwardStart) }
        let now = ContinuousClock.now
        timeline.record(name(of: range), from: mark ?? backwardStart, to: now)
        mark = now
    }

    /// Such as `backward 3.layers.0`, after the module that holds the first parameter of the range.
    private func name(of range: Range<Int>) -> String {
        guard let name = layout.entries.first(where: { range.contains($0.offset) })?.name else { return "backward" }
        return "backward \(name.lastIndex(of: ".").map { name[..<$0] } ?? name[...])"
    }
}

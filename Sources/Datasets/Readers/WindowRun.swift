/// Windows of one length that begin every `stride` items of a run: which samples they are follows by arithmetic, so that
/// millions of them take no memory.
struct WindowRun {
    /// The numbers of the windows among all samples.
    let samples: Range<Int>
    private let first: Int
    private let stride: Int

    /// Windows reach over no end of the run.
    init(firstSample: Int, items: Range<Int>, length: Int, stride: Int) {
        first = items.lowerBound
        self.stride = stride
        let count = items.count < length ? 0 : (items.count - length) / stride + 1
        samples = firstSample..<firstSample + count
    }

    /// The item with which a sample begins.
    func start(of sample: Int) -> Int { first + (sample - samples.lowerBound) * stride }
}

extension [WindowRun] {
    /// The item with which a sample of one of the runs begins.
    func start(of sample: Int) -> Int {
        for run in self where run.samples.contains(sample) { return run.start(of: sample) }
        preconditionFailure("there is no sample \(sample)")
    }
}

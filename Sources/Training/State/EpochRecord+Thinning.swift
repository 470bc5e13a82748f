extension [EpochRecord] {
    /// Records of a curve that are kept for the whole of a run, apart from the last two and the best.
    package static var keptEpochs: Int { 512 }

    /// This curve with a bounded number of records, however many epochs there were: the first of every so many, the
    /// last two and the best. The distance is the smallest power of two that leaves at most `limit` epochs.
    ///
    /// The last two are what a run that goes on is judged by (`stop.tolerance`), the best is what it is for. What is
    /// kept depends on the epochs alone and not on how often the curve was thinned on the way, so a run that was
    /// interrupted has the curve of one that was not.
    package func thinned(to limit: Int = Self.keptEpochs) -> [EpochRecord] {
        guard let last, last.epoch > limit else { return self }
        var distance = 1
        while (last.epoch - 1) / distance >= limit { distance *= 2 }
        let best = bestEpoch
        return enumerated().filter { place, record in
            (record.epoch - 1).isMultiple(of: distance) || record.epoch == best || place >= count - 2
        }.map(\.element)
    }

    /// This curve with the records of another that goes on from it, or from one of its earlier epochs.
    package func continued(by other: [EpochRecord]) -> [EpochRecord] {
        guard let first = other.first else { return self }
        return prefix { $0.epoch < first.epoch } + other
    }

    /// The first that reached the lowest loss; nil if none is a number.
    private var bestEpoch: Int? {
        filter { !$0.monitoredLoss.isNaN }.min { $0.monitoredLoss < $1.monitoredLoss }?.epoch
    }
}

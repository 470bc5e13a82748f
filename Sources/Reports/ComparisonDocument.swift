/// Several runs side by side.
package struct ComparisonDocument: Sendable, Equatable {
    package struct Run: Sendable, Equatable {
        package var job: String
        package var curve: [ReportEpoch]
        /// On the test part, by name.
        package var metrics: [String: Double]
        /// What the job file asked for: keys such as `train.epochs`, with their values.
        package var settings: [String: String]

        package init(job: String, curve: [ReportEpoch], metrics: [String: Double], settings: [String: String]) {
            self.job = job
            self.curve = curve
            self.metrics = metrics
            self.settings = settings
        }
    }

    package var runs: [Run]

    package init(runs: [Run]) {
        self.runs = runs
    }

    /// Settings in which not all runs agree, by name, with the value of each run; nil where a run has none.
    package var differences: [(key: String, values: [String?])] {
        let keys = Set(runs.flatMap(\.settings.keys)).sorted()
        return keys.map { key in (key, runs.map { $0.settings[key] }) }.filter { Set($0.values).count > 1 }
    }

    /// Settings in which all runs agree.
    package var common: [(key: String, value: String)] {
        guard let first = runs.first else { return [] }
        return first.settings.sorted { $0.key < $1.key }.filter { entry in
            runs.allSatisfy { $0.settings[entry.key] == entry.value }
        }.map { ($0.key, $0.value) }
    }

    /// Figures by name, with that of each run; first the losses, then the metrics of the test part.
    package var figures: [(name: String, values: [Double?])] {
        let losses: [(String, [Double?])] = [
            ("training loss, last epoch", runs.map { $0.curve.last?.trainingLoss }),
            ("validation loss, best epoch", runs.map { $0.curve.compactMap(\.validationLoss).min() }),
        ]
        let names = Set(runs.flatMap(\.metrics.keys)).sorted()
        return losses.filter { $0.1.contains { $0 != nil } }
            + names.map { name in ("test \(name)", runs.map { $0.metrics[name] }) }
    }
}

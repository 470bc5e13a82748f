import Datasets
import StrictYAML

extension JobFile {
    /// `clean:` of the data section.
    static func cleaningSection(_ section: YAMLMapping) -> Cleaning {
        var cleaning = Cleaning()
        if let rule = section.value("missing").flatMap(missing) { cleaning.missing = rule }
        cleaning.columns =
            section.optionalMapping("columns") { columns in
                columns.keys.reduce(into: [:]) { $0[$1] = columns.value($1).flatMap(missing) }
            } ?? [:]
        cleaning.duplicates = section.choice("duplicates", of: Cleaning.Duplicates.self, default: cleaning.duplicates)
        cleaning.clip =
            section.optionalMapping("clip") { columns in
                columns.keys.reduce(into: [:]) { $0[$1] = columns.value($1).flatMap(bounds) }
            } ?? [:]
        return cleaning
    }

    /// `mean`, or `{ constant: 0 }`.
    private static func missing(_ value: YAMLValue) -> Cleaning.Missing? {
        enum Word: String, CaseIterable { case error, drop, mean, median, mostFrequent = "most_frequent" }
        guard !value.isMapping else { return value.mapping { .constant($0.string("constant")) } }
        switch value.asChoice(Word.self) {
        case .error?: return .error
        case .drop?: return .drop
        case .mean?: return .mean
        case .median?: return .median
        case .mostFrequent?: return .mostFrequent
        case nil: return nil
        }
    }

    /// `[low, high]`.
    private static func bounds(_ value: YAMLValue) -> Cleaning.Bounds? {
        let numbers = value.asList()?.compactMap { $0.asNumber() }
        guard let numbers, numbers.count == 2, numbers[0] <= numbers[1] else {
            if numbers != nil {
                value.report("expected two numbers, [low, high], of which the first is not above the second")
            }
            return nil
        }
        return Cleaning.Bounds(low: numbers[0], high: numbers[1])
    }
}

import Foundation

/// A second pass over a table without problems, in which the preprocessing is fitted on the training rows.
struct PreprocessingFit {
    var preprocessing: Preprocessing
    /// Categories that the training part lacks, and what cannot be filled in.
    let problems: ProblemList

    static func fit(
        _ table: TableFile, index: DatasetIndex, training: [Int], specification: DataSpecification
    ) throws -> PreprocessingFit {
        let cleaning = specification.cleaning
        var numbers = index.features.map {
            FeatureFit(
                name: $0.name, rule: cleaning.rule(for: $0.name), bounds: cleaning.clip[$0.name],
                isDate: $0.type == .date,
                normalization: specification.normalize, needsOrigin: $0.needsOrigin)
        }
        var categories = index.features.map { CategoryFit(rule: cleaning.rule(for: $0.name)) }
        let contents = index.features.map { TableRequest.Content(specification.types[$0.name]) }
        let needsPass =
            specification.normalize != .none
            || index.features.contains { $0.isCategory || cleaning.rule(for: $0.name).fills }
        if needsPass {
            var isTraining = [Bool](repeating: false, count: index.rows.count)
            for row in training { isTraining[row] = true }
            try readRows(of: table, index: index) { reader, row in
                for (place, feature) in index.features.enumerated() {
                    guard isTraining[row] || feature.isCategory else { continue }
                    let line = Int(index.rows[row].line)
                    let content = contents[place]
                    let isQuoted = reader.isQuoted(feature.column)
                    reader.withCell(feature.column) { cell in
                        if feature.isCategory {
                            guard !content.value(of: cell, isQuoted: isQuoted).isMissingOrNaN else { return }
                            categories[place].add(
                                CanonicalText.string(cell.trimmed), isTraining: isTraining[row], line: line)
                        } else if let value = Self.number(cell, feature.type) {
                            numbers[place].add(value)
                        } else {
                            numbers[place].addMissing()
                        }
                    }
                }
            }
        }
        return assemble(index, &numbers, categories, specification)
    }

    private static func number(_ cell: UnsafeRawBufferPointer, _ type: ColumnType) -> Double? {
        if type == .date { return CalendarDate.days(cell.trimmed) }
        return if case .number(let value) = CellValue(cell) { value } else { nil }
    }

    /// Gives each row of the index in order. Throws if it is not the file that was indexed.
    private static func readRows(
        of table: TableFile, index: DatasetIndex, _ body: (inout CSVFileReader, Int) -> Void
    ) throws {
        var reader = try table.reader()
        var row = 0
        _ = try reader.next()
        while try reader.next() {
            guard row < index.rows.count, reader.offset == index.rows[row].offset,
                reader.cellCount == index.columns.count
            else { continue }
            body(&reader, row)
            row += 1
        }
        let (digest, _) = try reader.finish()
        guard row == index.rows.count, table.original != nil || digest == index.digest else {
            throw DataFileError.changed(table.csv)
        }
    }

    private static func assemble(
        _ index: DatasetIndex, _ numbers: inout [FeatureFit], _ categories: [CategoryFit],
        _ specification: DataSpecification
    ) -> PreprocessingFit {
        var features: [Preprocessing.Feature] = []
        var offsets: [Double] = []
        var scales: [Double] = []
        var problems = ProblemList()
        for (place, feature) in index.features.enumerated() {
            var fitted = Preprocessing.Feature(name: feature.name, column: feature.column, kind: .number)
            let cleaningKey = specification.cleaning.key(for: feature.name)
            if feature.isCategory {
                let values = categories[place].values
                fitted.kind = feature.type == .index ? .index(values) : .category(values)
                fitted.fill = categories[place].fill
                offsets += [Double](repeating: 0, count: fitted.width)
                scales += [Double](repeating: 1, count: fitted.width)
                problems.add(
                    categories[place].problems(
                        column: feature.name, cleaningKey: cleaningKey,
                        isDeclared: specification.types[feature.name] != nil))
            } else {
                if feature.type == .date { fitted.kind = .date }
                fitted.fill = numbers[place].fill(&problems, key: cleaningKey)
                fitted.origin = numbers[place].origin
                fitted.bounds = specification.cleaning.clip[feature.name]
                let (offset, scale) = numbers[place].offsetAndScale(specification.normalize)
                offsets.append(offset)
                scales.append(scale)
            }
            features.append(fitted)
        }
        let targets = index.targets.map { column in
            let name = index.columns[column]
            let learnsClasses = !index.rowClasses.isEmpty
            return Preprocessing.Target(
                name: name, column: column, kind: learnsClasses ? .classes(index.classes) : .number,
                classesAreTexts: learnsClasses && specification.types[name]?.isText == true ? true : nil)
        }
        let preprocessing = Preprocessing(
            features: features, target: targets[0], furtherTargets: Array(targets.dropFirst()),
            fileColumns: index.columns.count, offsets: offsets, scales: scales)
        return PreprocessingFit(preprocessing: preprocessing, problems: problems)
    }
}

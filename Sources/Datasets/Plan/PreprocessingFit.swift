internal import Foundation

/// A second pass over a data file without problems, in which the preprocessing is fitted on the training rows.
struct PreprocessingFit {
    let preprocessing: Preprocessing
    /// Categories that the training part lacks.
    let problems: ProblemList

    static func fit(
        file: URL, index: DatasetIndex, split: DatasetSplit, specification: DataSpecification,
        target: TargetRequirement
    ) throws -> PreprocessingFit {
        var numbers = index.features.map { _ in FeatureFit() }
        var categories = index.features.map { _ in CategoryFit() }
        let needsPass = specification.normalize != .none || index.features.contains(where: \.isCategory)
        if needsPass {
            var isTraining = [Bool](repeating: false, count: index.rows.count)
            for row in split.training { isTraining[row] = true }
            try readRows(of: file, index: index) { reader, row in
                for (place, feature) in index.features.enumerated() {
                    guard isTraining[row] || feature.isCategory else { continue }
                    let line = Int(index.rows[row].line)
                    reader.withCell(feature.column) { cell in
                        if feature.isCategory {
                            let text = String(decoding: cell.trimmed, as: UTF8.self)
                            categories[place].add(text, isTraining: isTraining[row], line: line)
                        } else if case .number(let value) = CellValue(cell) {
                            // As the network will see it: served inputs are 32-bit floats, so training ones are too.
                            numbers[place].add(Double(Float(value)))
                        }
                    }
                }
            }
        }
        return assemble(index, numbers, categories, specification.normalize, target)
    }

    /// Gives each row of the file in order. Throws if it is not the file that was indexed.
    private static func readRows(
        of file: URL, index: DatasetIndex, _ body: (inout CSVFileReader, Int) -> Void
    ) throws {
        var reader = try CSVFileReader(file)
        var row = 0
        _ = try reader.next()
        while row < index.rows.count, try reader.next() {
            guard reader.offset == index.rows[row].offset, reader.cellCount == index.columns.count else { break }
            body(&reader, row)
            row += 1
        }
        while try reader.next() {}
        let (digest, _) = try reader.finish()
        guard digest == index.digest else { throw DataFileError.changed(file) }
    }

    private static func assemble(
        _ index: DatasetIndex, _ numbers: [FeatureFit], _ categories: [CategoryFit],
        _ normalization: DataSpecification.Normalization, _ target: TargetRequirement
    ) -> PreprocessingFit {
        var features: [Preprocessing.Feature] = []
        var offsets: [Double] = []
        var scales: [Double] = []
        var problems = ProblemList()
        for (place, feature) in index.features.enumerated() {
            if feature.isCategory {
                let values = categories[place].values
                features.append(.init(name: feature.name, column: feature.column, kind: .category(values)))
                offsets += values.map { _ in 0 }
                scales += values.map { _ in 1 }
                problems.add(categories[place].problems(column: feature.name))
            } else {
                let (offset, scale) = numbers[place].offsetAndScale(normalization)
                features.append(.init(name: feature.name, column: feature.column, kind: .number))
                offsets.append(offset)
                scales.append(scale)
            }
        }
        let kind: Preprocessing.Target.Kind = target == .number ? .number : .classes(index.classes)
        let preprocessing = Preprocessing(
            features: features,
            target: .init(name: index.columns[index.target], column: index.target, kind: kind),
            fileColumns: index.columns.count, offsets: offsets, scales: scales)
        return PreprocessingFit(preprocessing: preprocessing, problems: problems)
    }
}

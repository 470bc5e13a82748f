import Foundation

extension DatasetPlanner {
    /// The one pass over the data that finds its samples and what is wrong with them.
    func scan() throws -> SourceScan {
        var problems = ProblemList()
        if specification.format != .images, PictureFolder.isFolder(file) {
            problems.add(
                key: ["data", "format"],
                "data.path is a folder, expected a file for the format \(specification.format.rawValue): a folder of "
                    + "pictures has the format images")
            return SourceScan(source: nil, problems: problems)
        }
        switch specification.format {
        case .csv, .jsonl: return try scanTable()
        case .text:
            guard let form = specification.text else {
                problems.add(
                    key: ["data", "text"],
                    "data.text is missing: plain text needs the number of positions and a tokenizer")
                return SourceScan(source: nil, problems: problems)
            }
            return try TextFileSource.scan(file, form: form, split: specification.split)
        case .npy, .npz, .idx:
            return try ArraySource.scan(
                file, specification: specification, target: target, input: input, ids: tokenIDs)
        case .images:
            guard let form = specification.images else {
                problems.add(
                    key: ["data", "images"], "data.images is missing: pictures need the number of channels")
                return SourceScan(source: nil, problems: problems)
            }
            return try ArraySource.scanImages(
                file, form: form, specification: specification, target: target, ids: tokenIDs)
        }
    }

    private func scanTable() throws -> SourceScan {
        var problems = ProblemList()
        let wanted = TableRequest(specification, target: target).usedColumns
        let table = try TableFile.open(file, format: specification.format, wanted: wanted, &problems)
        let request = TableRequest(
            specification, target: target, expansions: table.expansions, ids: tokenIDs)
        // A file whose lines are no rows would only be misread further on.
        guard problems.isEmpty else { return SourceScan(source: nil, problems: problems) }
        let scan = try DatasetScanner.scan(table, for: request)
        problems.add(scan.problems)
        let rows = try TableSource(table, index: scan.index, specification: specification)
        if let form = specification.text {
            let imported = try TokenizerTraining.imported(form, &problems)
            let source = TextTableSource(
                rows, form: form, target: target,
                classesAreTexts: specification.types[specification.target]?.isText == true, imported: imported)
            return SourceScan(source: source, problems: problems)
        }
        if let form = specification.series, problems.isEmpty {
            let source = SeriesSource(rows, form: form, specification: specification, &problems)
            return SourceScan(source: source, problems: problems)
        }
        return SourceScan(source: rows, problems: problems)
    }

    /// Which samples belong to which part.
    func split(_ source: any SampleSource, _ counts: [PartCounts]) -> DatasetSplit {
        if let split = source.fixedSplit { return split }
        guard specification.split.order == .shuffled else {
            return DatasetSplit(counts: counts[0], keys: source.orderKeys)
        }
        return DatasetSplit(
            counts: counts, classes: specification.split.stratify ? source.sampleClasses : [], seed: seed)
    }

    /// Looks for samples that are in the training part and in another one too, and does about it what the job asks for.
    func checkLeaks(
        _ source: any SampleSource, _ split: inout DatasetSplit, _ problems: inout ProblemList
    ) -> [DataPlan.Note] {
        let (leaks, without) = split.leaks(source.fingerprints)
        guard !leaks.isEmpty else { return [] }
        let count = leaks.count
        let first = leaks.prefix(5).map { leak in
            "\(source.place(of: leak.row)) is \(source.place(of: leak.trainingRow)) again"
        }
        let examples = DataPlan.Note.examples(first, of: count)
        let what =
            "\(count == 1 ? "row" : "rows") of the validation and test parts \(count == 1 ? "is" : "are") in the "
            + "training part too"
        switch specification.split.onLeak {
        case .warn: return [DataPlan.Note(kind: .leak, count: count, message: what, examples: examples)]
        case .drop:
            split = without
            let parts = [
                ("validation", specification.split.validation, split.validation),
                ("test", specification.split.test, split.test),
            ]
            for (name, share, samples) in parts where share > 0 && samples.isEmpty {
                problems.add(
                    key: ["data", "split", "on_leak"],
                    "the \(name) part is empty without its rows that are in the training part too: set "
                        + "data.clean.duplicates to drop, or data.split.on_leak to warn")
            }
            return [
                DataPlan.Note(
                    kind: .leak, count: count, message: what + " and were left out of them", examples: examples)
            ]
        case .error:
            problems.add(
                key: ["data", "split", "on_leak"],
                "\(count) \(what) (\(examples.joined(separator: "; "))): set data.clean.duplicates to drop, or "
                    + "data.split.on_leak to drop or warn")
            return []
        }
    }
}

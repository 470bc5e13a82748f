import Explanations
import Foundation

extension DatasetPlanner {
    /// Job files are checked where they are read, but a request comes over the wire.
    func checkRequest() throws {
        var problems = ProblemList()
        if let batchSize, batchSize < 1 {
            problems.add(key: Self.batchSizeKey, "train.batch_size is \(batchSize), expected at least 1")
        }
        if specification.needsTarget, specification.targets.isEmpty {
            problems.add(key: ["data", "target"], "data.target names no column, expected the one to learn")
        }
        if case .classes = target, specification.needsTarget, specification.series == nil,
            let resultPositions, specification.targets.count > 1, specification.targets.count != resultPositions
        {
            problems.add(
                key: ["data", "target"],
                "data.target names \(specification.targets.count) columns (\(specification.targets.listed)), expected "
                    + "\(counted(resultPositions, "column")) of classes, as the network has results at "
                    + "\(counted(resultPositions, "position")); several numbers to learn are for a model.task of regression"
            )
        }
        if slices < 1 { problems.add(key: ["train", "slices"], "train.slices is \(slices), expected at least 1") }
        if specification.split.stratify, specification.split.order != .shuffled {
            problems.add(key: ["data", "split"], "data.split cannot both keep an order and stratify the parts")
        }
        if !specification.split.isComplete {
            problems.add(key: ["data", "split"], "the fractions of data.split do not add up to 1")
        }
        let counts = [
            ("text.positions", specification.text?.positions), ("text.stride", specification.text?.stride),
            ("series.window", specification.series?.window), ("series.horizon", specification.series?.horizon),
            ("series.stride", specification.series?.stride), ("images.height", specification.images?.height),
            ("images.width", specification.images?.width),
        ]
        for case (let key, let count?) in counts where !(1...Preprocessing.maximumCount).contains(count) {
            problems.add(
                key: ["data"] + key.split(separator: ".").map(String.init),
                "data.\(key) is \(count), expected 1 to \(Preprocessing.maximumCount)")
        }
        if embeddedIDs != nil {
            for key in specification.keysThatChangeNumbers {
                problems.add(key: key, "\(key.joined(separator: ".")): \(DataSpecification.idsAreNames)")
            }
        }
        guard problems.isEmpty else { throw report(problems) }
    }

    var tokenIDs: TokenIDs? { embeddedIDs.map { TokenIDs(count: $0, key: vocabularyKey) } }

    private static let batchSizeKey = ["train", "batch_size"]

    /// Samples of each part by class (one class, where the split is not stratified); what stands against it becomes
    /// problems.
    func checkedCounts(_ source: any SampleSource, _ problems: inout ProblemList) -> [PartCounts] {
        let areClassesThere = checkClasses(source, &problems)
        let counts =
            source.fixedSplit.map {
                PartCounts(training: $0.training.count, validation: $0.validation.count, test: $0.test.count)
            } ?? PartCounts(rows: source.sampleCount, split: specification.split)
        guard source.sampleCount > 0 else { return [counts] }
        // A source that splits itself has told of a part that is too short, in rows of its own.
        if source.fixedSplit == nil || problems.isEmpty { checkSizes(counts, &problems) }
        // Parts of classes that are none say nothing more.
        guard specification.split.stratify, areClassesThere else { return [counts] }

        guard !source.sampleClasses.isEmpty else {
            // Of a target that is not there nothing is known.
            guard problems.isEmpty else { return [counts] }
            problems.add(
                column: specification.target.isEmpty ? nil : specification.target, key: ["data", "split", "stratify"],
                "a target of numbers cannot be stratified: leave data.split.stratify out, or set it to false")
            return [counts]
        }
        var classRows = [Int](repeating: 0, count: source.classes.count)
        for row in source.sampleClasses where row >= 0 { classRows[Int(row)] += 1 }
        // Rows without a class are dealt out like those of one.
        let unlabelled = source.sampleClasses.count { $0 < 0 }
        if unlabelled > 0 { classRows.append(unlabelled) }
        let classCounts = counts.stratified(over: classRows)
        // Of several labels to a sample the first counts, and a class may be none of them.
        for (name, counts) in zip(source.classes, classCounts) where counts.total > 0 {
            checkClass(name, counts, &problems)
        }
        return classCounts
    }

    /// Whether there are as many classes as the model tells apart, as far as that can be told.
    private func checkClasses(_ source: any SampleSource, _ problems: inout ProblemList) -> Bool {
        guard case .classes(let expected) = target, problems.isEmpty, !source.sampleClasses.isEmpty,
            source.classes.count != expected
        else { return true }
        let found = source.classes.count
        let hasColumns = !specification.target.isEmpty
        let remedy =
            found > 1
            ? Self.remedy(for: source.classes)
            : "there is nothing to tell apart, so check "
                + (hasColumns ? "that data.target names the right column" : "the labels")
        let unlabelled =
            source.sampleClasses.contains { $0 < 0 }
            ? "; -1 says that a row has no class"
                + (hasColumns ? ", unless data.types declares the column as category" : "") : ""
        let respelt =
            hasColumns && found < expected && source.notes.contains { $0.kind == .writtenNumbers }
            ? "; spellings of one number (1 and 01) are one class, unless data.types.\(specification.target) is category"
            : ""
        problems.add(
            column: specification.targets.count == 1 ? specification.target : nil,
            key: found > 1 ? ["model", "classes"] : ["data", hasColumns ? "target" : "path"],
            "the target has \(counted(found, "class", "classes"))\(found > 0 ? " (\(source.classes.listed))" : "")"
                + ", the model's head is for \(expected): \(remedy)\(unlabelled)\(respelt)")
        return false
    }

    /// More whole numbers than this are rarely the numbers of classes.
    private static let fewNumbers = 20

    /// What to do about classes that the model has no outputs for, which may be a quantity.
    private static func remedy(for classes: [String]) -> String {
        let remedy = "set model.classes to \(classes.count), with a model.task of classification"
        let numbers = classes.compactMap { Double($0) }
        guard numbers.count == classes.count else { return remedy }
        if let fraction = zip(numbers, classes).first(where: { $0.0 != $0.0.rounded() })?.1 {
            return "its values are numbers such as \(fraction), so set model.task to regression, without model.classes"
        }
        return numbers.count > fewNumbers ? "\(remedy); if it is a quantity, model.task to regression" : remedy
    }

    private func checkSizes(_ counts: PartCounts, _ problems: inout ProblemList) {
        if let batchSize, counts.training < batchSize {
            problems.add(
                key: Self.batchSizeKey,
                "the training part has \(counts.training) of \(counted(counts.total, "row")), fewer than train.batch_size "
                    + "\(batchSize)")
        } else if counts.training == 0 {
            problems.add(
                key: ["data", "split", "train"],
                "\(counted(counts.total, "row is", "rows are")) too few: the training part would be empty")
        }
        if let batchSize, batchSize < slices {
            problems.add(
                key: Self.batchSizeKey,
                "train.batch_size \(batchSize) is less than the \(counted(slices, "slice")) of a batch")
        }
        if specification.split.validation > 0, counts.validation == 0 {
            problems.add(
                key: ["data", "split", "validation"],
                "\(counted(counts.total, "row is", "rows are")) too few: the validation part would be empty")
        }
        if specification.split.test > 0, counts.test == 0 {
            problems.add(
                key: ["data", "split", "test"],
                "\(counted(counts.total, "row is", "rows are")) too few: the test part would be empty")
        }
    }

    private func checkClass(_ name: String, _ counts: PartCounts, _ problems: inout ProblemList) {
        let split = specification.split
        let empty = [
            counts.training <= 0 ? "training" : nil,
            split.validation > 0 && counts.validation == 0 ? "validation" : nil,
            split.test > 0 && counts.test == 0 ? "test" : nil,
        ].compactMap(\.self)
        guard !empty.isEmpty else { return }
        let rows = counted(counts.total, "row")
        problems.add(
            column: specification.target, key: ["data", "split", "stratify"],
            "class '\(name.shortened(toBytes: 60))' has \(rows), too few for a stratified split: none would be in the "
                + "\(empty.joined(separator: " and ")) part")
    }

    /// Nothing is written that the store has no room for. Throws a `DatasetReport` on the store.
    func checkRoom(for split: DatasetSplit, of source: any SampleSource, in store: some ShardStore) throws {
        guard let room = try store.room() else { return }
        let parts = [split.training, split.validation, split.test].filter { !$0.isEmpty }
        let bytes = parts.reduce(0) { $0 + source.shardBytes(of: $1) }
        guard bytes > room.bytes else { return }
        var problems = ProblemList()
        problems.add(
            "the \(counted(parts.reduce(0) { $0 + $1.count }, "sample takes", "samples take")) \(bytes.asBytes), \(room.place) has room for "
                + "\(room.bytes.asBytes): make room there, or \(lessData)")
        throw problems.report(file: room.path ?? file.path(percentEncoded: false))
    }

    /// How the data of the job can be made smaller.
    private var lessData: String {
        if let text = specification.text, case .continueText = text.use, text.stride < text.positions {
            return "set data.text.stride, which is \(text.stride), to up to \(text.positions)"
        }
        if let series = specification.series, series.stride < series.window {
            return "set data.series.stride, which is \(series.stride), to up to \(series.window)"
        }
        return specification.images == nil ? "take fewer rows" : "make data.images.height and width smaller"
    }

    /// The columns must fill the network's input exactly.
    func checkWidth(_ preprocessing: Preprocessing, _ problems: inout ProblemList) {
        let width = input.reduce(1, *)
        guard preprocessing.featureCount != width else { return }
        let shape = "[\(input.map(String.init).joined(separator: ", "))]"
        let misread = Self.dates(of: preprocessing) + writtenNumbers(of: preprocessing)
        problems.add(
            key: ["model", "input"],
            "the data gives \(counted(preprocessing.featureCount, "input")) (\(origin(of: preprocessing))), the model takes "
                + "\(width): model.input is \(shape)"
                + (misread.isEmpty ? ", set it to \(inputShape(for: preprocessing))" : misread))
    }

    /// What `model.input` should be.
    private func inputShape(for preprocessing: Preprocessing) -> String {
        let count = preprocessing.featureCount
        return switch preprocessing.form {
        case .rows(let window) where window > 1 && input.count == 2: "[\(window), \(count / window)]"
        case .rows where input.count > 1: "a shape of \(counted(count, "number"))"
        case .rows, .text: "[\(count)]"
        case .tensor(let tensor): "[\(tensor.shape.map(String.init).joined(separator: ", "))]"
        }
    }

    /// Columns of dates that were taken for categories, and what to do about them.
    private static func dates(of preprocessing: Preprocessing) -> String {
        let dates = preprocessing.features.filter { feature in
            guard case .category(let values) = feature.kind else { return false }
            return !values.isEmpty && values.allSatisfy(CalendarDate.isMeant)
        }
        return dates.map { "; column '\($0.name)' holds dates: set data.types.\($0.name) to date" }.joined()
    }

    /// Columns of numbers that were taken for categories because of how they are written, and what to do about them.
    private func writtenNumbers(of preprocessing: Preprocessing) -> String {
        preprocessing.features.map { feature in
            guard specification.types[feature.name] == nil, case .category(let values) = feature.kind,
                let first = values.first, values.allSatisfy({ WrittenNumber.isMeant(by: $0) })
            else { return "" }
            return
                "; column '\(feature.name)' holds numbers written as '\(first.shortened(toBytes: 60))', which are read as "
                + "texts: write them without separators and signs"
        }.joined()
    }

    private func origin(of preprocessing: Preprocessing) -> String {
        switch preprocessing.form {
        case .rows(let window):
            let oneHot = preprocessing.hasCategories ? ", category columns counted once per value" : ""
            let rows = window > 1 ? "\(window) rows of " : ""
            return "\(rows)\(counted(preprocessing.features.count, "column"))\(oneHot)"
        case .tensor(let tensor): return "of shape [\(tensor.shape.map(String.init).joined(separator: ", "))]"
        case .text(let text):
            return preprocessing.targetCount > 1 && text.begin != nil
                ? "\(counted(text.positions, "position")) of the source, \(text.targetPositions) of the target"
                : counted(text.positions, "position")
        }
    }

    /// What is to be learned must fit the model's head.
    func checkTargets(_ preprocessing: Preprocessing, _ problems: inout ProblemList) {
        let found = preprocessing.targetCount
        if case .classes = target, let resultPositions, resultPositions != found {
            problems.add(
                key: positionsKey,
                "the data gives \(counted(found, "label")) a sample, the network has results at "
                    + counted(resultPositions, "position"))
        }
        switch target {
        case .numbers(let expected), .distributions(let expected, _):
            guard found != expected else { return }
            problems.add(
                key: ["model", "outputs"],
                "the data gives \(counted(found, "number")) to learn, the model has \(counted(expected, "output"))"
            )
        case .classes(let expected):
            guard case .text(let text) = preprocessing.form, case .tokens = preprocessing.target.kind else { return }
            if text.vocabulary > expected {
                let tokens = counted(text.vocabulary, "token")
                problems.add(key: tokensKey, "the tokenizer has \(tokens), the model's head is for \(expected)")
            }
        }
    }

    /// A target that never changes is learned by no network: its mean says all. Told where nothing else is wrong.
    func checkVariation(_ source: any SampleSource, _ problems: inout ProblemList) {
        guard problems.isEmpty, source.targetIsConstant else { return }
        let rows = counted(source.rowCount, "row")
        guard specification.targetsPath == nil else {
            return problems.add(
                key: ["data", "targets_path"],
                "the target is the same in all of \(rows), so there is nothing to learn: check that data.targets_path is the "
                    + "right file")
        }
        problems.add(
            column: specification.target, key: ["data", "target"],
            "the target is the same in all of \(rows), so there is nothing to learn: check that data.target names the right "
                + (specification.format == .npz ? "array" : "column"))
    }

    /// The network must have a vector for each id that the data gives. Numbers of the data are looked at where it is read.
    func checkIDs(_ preprocessing: Preprocessing, _ problems: inout ProblemList) {
        guard let ids = tokenIDs else { return }
        switch preprocessing.form {
        case .tensor: break
        case .text(let text):
            guard text.vocabulary > ids.count else { return }
            // Told of the head already, where one key says both.
            if case .tokens = preprocessing.target.kind, case .classes(let expected) = target,
                text.vocabulary > expected, tokensKey == ids.key
            {
                return
            }
            problems.add(
                key: ids.key,
                "the tokenizer has \(counted(text.vocabulary, "token")), the model's embedding is for \(ids.count)")
        case .rows:
            for feature in preprocessing.features {
                if case .index(let values) = feature.kind, values.count > ids.count {
                    problems.add(
                        column: feature.name, key: ids.key,
                        "the column has \(counted(values.count, "text")), the model's embedding is for \(ids.count)")
                } else if let fill = feature.fill, !ids.contains(Float(fill)) {
                    problems.add(
                        column: feature.name, key: specification.cleaning.key(for: feature.name),
                        "\(fill.written) would stand for missing values and is no token id: \(ids.expectation)")
                }
            }
        }
    }
}

extension DatasetSplit {
    /// Says which classes the other parts have and the training part has not. Where a sample has one class.
    func unlearnedClasses(of source: any SampleSource) -> [DataPlan.Note] {
        let classes = source.sampleClasses
        guard !classes.isEmpty else { return [] }
        let learned = Set(training.lazy.map { classes[$0] })
        var rows: [Int32: Int] = [:]
        for sample in validation + test where classes[sample] >= 0 && !learned.contains(classes[sample]) {
            rows[classes[sample], default: 0] += 1
        }
        guard !rows.isEmpty else { return [] }
        let shown = rows.sorted { $0.key < $1.key }.prefix(5).map { index, count in
            "'\(source.classes[Int(index)].shortened(toBytes: 60))' (\(counted(count, "row")) elsewhere)"
        }
        return [
            DataPlan.Note(
                kind: .unlearned, count: rows.count,
                message: rows.count == 1
                    ? "class has no row in the training part, so it is never learned"
                    : "classes have no row in the training part, so they are never learned",
                examples: DataPlan.Note.examples(shown, of: rows.count))
        ]
    }
}

extension DatasetPlanner {
    /// Job files are checked where they are read, but a request comes over the wire.
    func checkRequest() throws {
        var problems = ProblemList()
        if let batchSize, batchSize < 1 {
            problems.add(key: Self.batchSizeKey, "train.batch_size is \(batchSize), expected at least 1")
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
        guard problems.isEmpty else { throw report(problems) }
    }

    private static let batchSizeKey = ["train", "batch_size"]

    /// Samples of each part by class (one class, where the split is not stratified); what stands against it becomes
    /// problems.
    func checkedCounts(_ source: any SampleSource, _ problems: inout ProblemList) -> [PartCounts] {
        checkClasses(source, &problems)
        let counts =
            source.fixedSplit.map {
                PartCounts(training: $0.training.count, validation: $0.validation.count, test: $0.test.count)
            } ?? PartCounts(rows: source.sampleCount, split: specification.split)
        guard source.sampleCount > 0 else { return [counts] }
        checkSizes(counts, &problems)
        guard specification.split.stratify else { return [counts] }

        guard !source.sampleClasses.isEmpty else {
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
        for (name, counts) in zip(source.classes, classCounts) { checkClass(name, counts, &problems) }
        return classCounts
    }

    private func checkClasses(_ source: any SampleSource, _ problems: inout ProblemList) {
        guard case .classes(let expected) = target, problems.isEmpty, !source.sampleClasses.isEmpty,
            source.classes.count != expected
        else { return }
        let found = source.classes.count
        let remedy =
            found > 1
            ? "set model.classes to \(found), with a model.task of classification"
            : "there is nothing to tell apart, so check that data.target names the right column"
        let unlabelled =
            source.sampleClasses.contains { $0 < 0 }
            ? "; -1 says that a row has no class, unless data.types declares the column as category" : ""
        problems.add(
            column: specification.target.isEmpty ? nil : specification.target,
            key: found > 1 ? ["model", "classes"] : ["data", "target"],
            "the target has \(found) \(found == 1 ? "class" : "classes")\(found > 0 ? " (\(source.classes.listed))" : "")"
                + ", the model's head is for \(expected): \(remedy)\(unlabelled)")
    }

    private func checkSizes(_ counts: PartCounts, _ problems: inout ProblemList) {
        if let batchSize, counts.training < batchSize {
            problems.add(
                key: Self.batchSizeKey,
                "the training part has \(counts.training) of \(counts.total) rows, fewer than train.batch_size "
                    + "\(batchSize)")
        }
        if let batchSize, batchSize < slices {
            problems.add(
                key: Self.batchSizeKey, "train.batch_size \(batchSize) is less than the \(slices) slices of a batch")
        }
        if specification.split.validation > 0, counts.validation == 0 {
            problems.add(
                key: ["data", "split", "validation"],
                "\(counts.total) rows are too few: the validation part would be empty")
        }
        if specification.split.test > 0, counts.test == 0 {
            problems.add(
                key: ["data", "split", "test"], "\(counts.total) rows are too few: the test part would be empty")
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
        let rows = counts.total == 1 ? "1 row" : "\(counts.total) rows"
        problems.add(
            column: specification.target, key: ["data", "split", "stratify"],
            "class '\(name)' has \(rows), too few for a stratified split: none would be in the "
                + "\(empty.joined(separator: " and ")) part")
    }

    /// Nothing is written that the store has no room for.
    func checkRoom(
        for split: DatasetSplit, of source: any SampleSource, in store: some ShardStore, _ problems: inout ProblemList
    ) throws {
        guard let room = try store.room() else { return }
        let parts = [split.training, split.validation, split.test].filter { !$0.isEmpty }
        let bytes = parts.reduce(0) { $0 + source.shardBytes(of: $1) }
        guard bytes > room.bytes else { return }
        problems.add(
            "the \(parts.reduce(0) { $0 + $1.count }) samples take \(bytes.asBytes), \(room.place) has room for "
                + "\(room.bytes.asBytes): make room there, or \(lessData)")
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
        problems.add(
            key: ["model", "input"],
            "the data gives \(preprocessing.featureCount) inputs (\(origin(of: preprocessing))), the model takes "
                + "\(width): model.input is \(shape)")
    }

    private func origin(of preprocessing: Preprocessing) -> String {
        switch preprocessing.form {
        case .rows(let window):
            let oneHot = preprocessing.hasCategories ? ", category columns counted once per value" : ""
            let rows = window > 1 ? "\(window) rows of " : ""
            return "\(rows)\(preprocessing.features.count) columns\(oneHot)"
        case .tensor(let tensor): return "of shape [\(tensor.shape.map(String.init).joined(separator: ", "))]"
        case .text(let text):
            return preprocessing.targetCount > 1 && text.begin != nil
                ? "\(text.positions) positions of the source, \(text.targetPositions) of the target"
                : "\(text.positions) positions"
        }
    }

    /// What is to be learned must fit the model's head.
    func checkTargets(_ preprocessing: Preprocessing, _ problems: inout ProblemList) {
        let found = preprocessing.targetCount
        if case .classes = target, let resultPositions, resultPositions != found {
            problems.add(
                "the data gives \(found) \(found == 1 ? "label" : "labels") a sample, the network has results at "
                    + "\(resultPositions) \(resultPositions == 1 ? "position" : "positions")")
        }
        switch target {
        case .numbers(let expected):
            guard found != expected else { return }
            problems.add(
                "the data gives \(found) \(found == 1 ? "number" : "numbers") to learn, the model has \(expected) outputs"
            )
        case .classes(let expected):
            guard case .text(let text) = preprocessing.form, case .tokens = preprocessing.target.kind,
                text.vocabulary > expected
            else { return }
            problems.add(
                key: ["model", "classes"],
                "the tokenizer has \(text.vocabulary) tokens, the model's head is for \(expected)")
        }
    }
}

extension DatasetPlanner {
    /// Job files are checked where they are read, but a request comes over the wire.
    func checkRequest() throws {
        var problems = ProblemList()
        if let batchSize, batchSize < 1 { problems.add("train.batch_size is \(batchSize), expected at least 1") }
        if slices < 1 { problems.add("train.slices is \(slices), expected at least 1") }
        if !specification.split.isComplete { problems.add("the fractions of data.split do not add up to 1") }
        guard problems.isEmpty else { throw report(problems) }
    }

    /// Rows of each part by class (one class, where the split is not stratified); what stands against it becomes
    /// problems.
    func checkedCounts(_ index: DatasetIndex, _ problems: inout ProblemList) -> [PartCounts] {
        checkClasses(index, &problems)
        let counts = PartCounts(rows: index.rows.count, split: specification.split)
        guard !index.rows.isEmpty else { return [counts] }
        checkSizes(counts, &problems)
        guard specification.split.stratify else { return [counts] }

        guard case .classes = target else {
            problems.add(
                column: specification.target,
                "a target of numbers cannot be stratified: leave data.split.stratify out, or set it to false")
            return [counts]
        }
        var classRows = [Int](repeating: 0, count: index.classes.count)
        for row in index.rowClasses where row >= 0 { classRows[Int(row)] += 1 }
        let classCounts = counts.stratified(over: classRows)
        for (name, counts) in zip(index.classes, classCounts) { checkClass(name, counts, &problems) }
        return classCounts
    }

    private func checkClasses(_ index: DatasetIndex, _ problems: inout ProblemList) {
        guard case .classes(let expected) = target, problems.isEmpty, index.classes.count != expected else { return }
        let found = index.classes.count
        problems.add(
            column: specification.target,
            "the target has \(found) \(found == 1 ? "class" : "classes") (\(index.classes.listed)), the model's head "
                + "is for \(expected): set model.classes to \(found), with a model.task of classification")
    }

    private func checkSizes(_ counts: PartCounts, _ problems: inout ProblemList) {
        if let batchSize, counts.training < batchSize {
            problems.add(
                "the training part has \(counts.training) of \(counts.total) rows, fewer than train.batch_size "
                    + "\(batchSize)")
        }
        if let batchSize, batchSize < slices {
            problems.add("train.batch_size \(batchSize) is less than the \(slices) slices of a batch")
        }
        if specification.split.validation > 0, counts.validation == 0 {
            problems.add("\(counts.total) rows are too few: the validation part would be empty")
        }
        if specification.split.test > 0, counts.test == 0 {
            problems.add("\(counts.total) rows are too few: the test part would be empty")
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
            column: specification.target,
            "class '\(name)' has \(rows), too few for a stratified split: none would be in the "
                + "\(empty.joined(separator: " and ")) part")
    }

    /// The columns must fill the network's input exactly.
    func checkWidth(_ preprocessing: Preprocessing, _ problems: inout ProblemList) {
        let width = input.reduce(1, *)
        guard preprocessing.featureCount != width else { return }
        let shape = "[\(input.map(String.init).joined(separator: ", "))]"
        let oneHot = preprocessing.hasCategories ? ", category columns counted once per value" : ""
        problems.add(
            "the data gives \(preprocessing.featureCount) inputs (\(preprocessing.rawColumns) columns\(oneHot)), the "
                + "model takes \(width): model.input is \(shape)")
    }
}

internal import Digests
internal import Foundation

extension ArraySource {
    /// Reads NumPy and IDX files.
    static func scan(
        _ url: URL, specification: DataSpecification, target: TargetRequirement, input: [Int]
    ) throws -> SourceScan {
        var problems = ProblemList()
        let targetsURL = specification.targetsPath.map { URL(filePath: $0) }
        let featureName = specification.features.first ?? "features"
        let targetName = specification.target.isEmpty ? "targets" : specification.target
        if specification.features.count > 1 {
            problems.add("data.features names \(specification.features.count) arrays, expected one")
        }

        let features = try open("the features", &problems) {
            switch specification.format {
            case .npz: try NumberFile.npz(url, array: featureName)
            case .idx: try NumberFile.idx(url)
            default: try NumberFile.npy(url)
            }
        }
        let targets = try open("the targets", &problems) {
            switch specification.format {
            case .npz: return try NumberFile.npz(targetsURL ?? url, array: targetName)
            case .idx: return try NumberFile.idx(try required(targetsURL))
            default: return try NumberFile.npy(try required(targetsURL))
            }
        }
        guard let features, let targets, problems.isEmpty else { return SourceScan(source: nil, problems: problems) }
        guard features.rows == targets.rows else {
            problems.add("\(features.rows) rows of features, but \(targets.rows) of targets")
            return SourceScan(source: nil, problems: problems)
        }
        var scan = try ArrayScan(features, cleaning: specification.cleaning) { _, _ in }
        try addTargets(targets, target, &scan)
        problems.add(scan.problems)
        let digest = try combinedDigest([url, targetsURL].compactMap(\.self))
        let isClasses = if case .classes = target { true } else { false }
        // A picture may be stored without its one channel.
        let shape = input.reduce(1, *) == features.columns ? input : Array(features.header.shape.dropFirst())
        let source = ArraySource(
            scan, digest: digest, features: features, targets: isClasses ? .classes : .numbers(targets),
            shape: shape.isEmpty ? [1] : shape, normalization: specification.normalize)
        return SourceScan(source: source, problems: problems)
    }

    private static func required(_ url: URL?) throws -> URL {
        guard let url else { throw ArrayError("data.targets_path is missing: the file of the targets") }
        return url
    }

    private static func open(
        _ what: String, _ problems: inout ProblemList, _ body: () throws -> NumberFile
    ) throws -> NumberFile? {
        do {
            return try body()
        } catch let error as ArrayError {
            problems.add("\(what): \(error.message)")
            return nil
        }
    }

    private static func addTargets(
        _ targets: NumberFile, _ target: TargetRequirement, _ scan: inout ArrayScan
    ) throws {
        var problems = ProblemList()
        let kept = Set(scan.rows)
        guard case .classes = target else {
            try targets.forEachRow { row, bytes in
                guard kept.contains(row) else { return }
                for index in 0..<targets.columns {
                    let value = targets.value(in: bytes, at: index)
                    if !Float(value).isFinite {
                        problems.add("target of row \(row + 1): \(value) is not a finite 32-bit number")
                    }
                }
            }
            return scan.add(problems)
        }
        guard targets.columns == 1 else {
            problems.add("the targets have \(targets.columns) columns; classes are one number a row")
            return scan.add(problems)
        }
        var survey = ClassSurvey(name: "")
        try targets.forEachRow { row, bytes in
            let value = targets.value(in: bytes, at: 0)
            guard kept.contains(row), value.isFinite, abs(value) < 1e15 else {
                if kept.contains(row) { problems.add("target of row \(row + 1): \(value) is not a class") }
                return survey.addUnknown()
            }
            var text = value == value.rounded() ? "\(Int(value))" : "\(value)"
            text.withUTF8 { survey.add(UnsafeRawBufferPointer($0), line: row + 1) }
        }
        problems.add(survey.problems)
        let (names, classes) = survey.finish()
        scan.setClasses(names, classes)
        scan.add(problems)
    }

    /// Of one file its own; of several that of their digests in a row.
    static func combinedDigest(_ urls: [URL]) throws -> ContentDigest {
        let digests = try urls.map(NumberFile.digest(of:))
        return digests.count == 1 ? digests[0] : ContentDigest(of: digests.flatMap(\.bytes))
    }
}

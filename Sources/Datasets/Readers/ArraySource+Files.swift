import Digests
import Foundation
import Explanations

extension ArraySource {
    /// Reads NumPy and IDX files.
    static func scan(
        _ url: URL, specification: DataSpecification, target: TargetRequirement, input: [Int], ids: TokenIDs?
    ) throws -> SourceScan {
        var problems = ProblemList()
        let targetsURL = specification.targetsPath.map { URL(filePath: $0) }
        let featureName = specification.features.first ?? "features"
        let targetName = specification.target.isEmpty ? "targets" : specification.target
        if specification.features.count > 1 {
            problems.add(
                key: ["data", "features"], "data.features names \(specification.features.count) arrays, expected one")
        }

        // Where the targets have a file of their own, the report is headed by that of the features.
        let targetsFile = targetsURL == url ? nil : targetsURL?.path(percentEncoded: false)
        let targetsKey = targetsURL == nil ? [] : ["data", "targets_path"]

        let features = try open("the features", &problems) {
            switch specification.format {
            case .npz: try NumberFile.npz(url, array: featureName)
            case .idx: try NumberFile.idx(url)
            default: try NumberFile.npy(url)
            }
        }
        let targets = try open("the targets", of: targetsFile, key: targetsKey, isOfTargets: true, &problems) {
            switch specification.format {
            case .npz: return try NumberFile.npz(targetsURL ?? url, array: targetName)
            case .idx: return try NumberFile.idx(try required(targetsURL))
            default: return try NumberFile.npy(try required(targetsURL))
            }
        }
        guard let features, let targets, problems.isEmpty else { return SourceScan(source: nil, problems: problems) }
        guard features.rows == targets.rows else {
            let places =
                targetsFile.map { (" in \(url.path(percentEncoded: false))", " in \($0)") } ?? ("", "")
            problems.add(
                key: targetsKey,
                "\(counted(features.rows, "row")) of features\(places.0), but \(targets.rows) of targets\(places.1): a row of "
                    + "features has one of targets")
            return SourceScan(source: nil, problems: problems)
        }
        var scan = try ArrayScan(features, cleaning: specification.cleaning, ids: ids) { _, _ in }
        let (learned, targetIsConstant, labelNotes) = try self.learned(
            targets, target, of: targetsFile, key: targetsKey, &scan)
        let notes =
            labelNotes
            + (specification.format == .npy ? behind(features, "features") + behind(targets, "targets") : [])
        problems.add(scan.problems)
        let digest = try combinedDigest([url, targetsURL].compactMap(\.self))
        // A picture may be stored without its one channel.
        let shape = input.reduce(1, *) == features.columns ? input : Array(features.header.shape.dropFirst())
        let source = ArraySource(
            scan, digest: digest, features: features, targets: learned, shape: shape.isEmpty ? [1] : shape,
            normalization: specification.normalize, targetIsConstant: targetIsConstant, notes: notes)
        return SourceScan(source: source, problems: problems)
    }

    /// NumPy itself reads the first array of a file and nothing behind it, as where several were saved into one.
    private static func behind(_ array: NumberFile, _ name: String) -> [DataPlan.Note] {
        let count = array.bytesBehind
        guard count > 0 else { return [] }
        return [
            DataPlan.Note(
                kind: .behindArray, count: count,
                message:
                    "\(count == 1 ? "byte" : "bytes") behind the array of the \(name) \(count == 1 ? "is" : "are") "
                    + "not read, as numpy.load reads one array: if another one is there, save both as one")
        ]
    }

    private static func required(_ url: URL?) throws -> URL {
        guard let url else { throw ArrayError("data.targets_path is missing: the file of the targets") }
        return url
    }

    /// - Parameter file: nil: that by which the report is headed.
    private static func open(
        _ what: String, of file: String? = nil, key: [String] = [], isOfTargets: Bool = false,
        _ problems: inout ProblemList, _ body: () throws -> NumberFile
    ) throws -> NumberFile? {
        let place = file.map { "\(what) in \($0)" } ?? what
        do {
            return try body()
        } catch let error as ArrayError {
            let message = isOfTargets ? error.messageOfTargets ?? error.message : error.message
            problems.add(key: key, "\(place): \(message)")
        } catch DataFileError.unreadable(_, let reason) where file != nil {
            problems.add(key: key, "\(place) cannot be read: \(reason)")
        }
        return nil
    }

    /// Checks the targets of the rows that are kept. Of several labels the first stands for its sample.
    private static func learned(
        _ targets: NumberFile, _ target: TargetRequirement, of file: String?, key: [String],
        _ scan: inout ArrayScan
    ) throws -> (Targets, isConstant: Bool, [DataPlan.Note]) {
        var isKept = [Bool](repeating: false, count: targets.rows)
        for row in scan.rows { isKept[row] = true }
        guard case .classes = target else {
            var problems = ProblemList()
            var distributions = DistributionSurvey(target)
            var numbers = [Double](repeating: 0, count: targets.columns)
            var precision = ArrayPrecision(targets)
            var first: [Double]?
            var isConstant = scan.rows.count > 1
            try targets.forEachRow { row, bytes in
                guard isKept[row] else { return }
                precision.add(bytes)
                let problemsBefore = problems.total
                for index in 0..<targets.columns {
                    let value = targets.value(in: bytes, at: index)
                    numbers[index] = value
                    if !Float(value).isFinite {
                        problems.add("target of row \(row + 1): \(value.shown) is not a finite 32-bit number")
                    }
                }
                if first == nil { first = numbers }
                if isConstant, numbers != first { isConstant = false }
                if problems.total == problemsBefore { distributions.add(numbers, place: "row \(row + 1): ") }
            }
            problems.add(distributions.problems)
            scan.add(problems.located(in: file, key: key))
            let notes = precision.notes(of: "the targets")
            // Different numbers that are the same as floats are told of by themselves.
            return (.numbers(targets), isConstant && targets.columns == 1 && notes.isEmpty, notes)
        }
        var survey = LabelSurvey()
        var firsts = [Double](repeating: ClassNames.noLabel, count: targets.rows)
        try targets.forEachRow { row, bytes in
            guard isKept[row] else { return }
            firsts[row] = targets.value(in: bytes, at: 0)
            for index in 0..<targets.columns { survey.add(targets.value(in: bytes, at: index), row: row) }
        }
        scan.add(survey.problems.located(in: file, key: key))
        let indices = survey.indices
        scan.setClasses(survey.classes, firsts.map { indices[$0] })
        // Behind the last of several labels -1 is what belongs there.
        return (.labels(targets, indices), false, targets.columns == 1 ? survey.notes : [])
    }

    /// Of one file its own; of several that of their digests in a row.
    static func combinedDigest(_ urls: [URL]) throws -> ContentDigest {
        let digests = try urls.map(NumberFile.digest(of:))
        return digests.count == 1 ? digests[0] : ContentDigest(of: digests.flatMap(\.bytes))
    }
}

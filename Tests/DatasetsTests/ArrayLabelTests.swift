@testable import Datasets
import Digests
import Foundation
import Testing

/// Labels in arrays: classes, none at all, and one for each position.
@Suite struct ArrayLabelTests {
    private func job(
        _ labels: [UInt8], type: String, shape: String, features: [UInt8], featureShape: String,
        split: DataSpecification.Split
    ) throws -> (DataSpecification, [ScratchFile]) {
        let inputs = try ScratchFile(
            NumberFileTests.npy("|u1", shape: featureShape, features), name: "features.npy")
        let targets = try ScratchFile(NumberFileTests.npy(type, shape: shape, labels), name: "labels.npy")
        let specification = DataSpecification(
            path: inputs.path, format: .npy, targetsPath: targets.path, targets: [], split: split)
        return (specification, [inputs, targets])
    }

    /// -1 is no class: the row stays, and its target counts for nothing.
    @Test(arguments: ["|i1", "<i2", "<f4"]) func minusOneIsNoLabel(type: String) throws {
        let labels = [0, -1, 1, 0, 1, -1, 1, 0]
        let bytes: [UInt8] =
            switch type {
            case "|i1": labels.map { UInt8(bitPattern: Int8($0)) }
            case "<i2": labels.flatMap { value in withUnsafeBytes(of: Int16(value).littleEndian) { Array($0) } }
            default: labels.flatMap { value in withUnsafeBytes(of: Float(value).bitPattern.littleEndian) { Array($0) } }
            }
        let (job, files) = try job(
            bytes, type: type, shape: "(8,)", features: Array(0..<8), featureShape: "(8, 1)",
            split: .init(train: 0.5, test: 0.5, order: .file))
        let planned = try withExtendedLifetime(files) { try PlannedData(job, target: .classes(2), input: [1]) }
        #expect(planned.plan.preprocessing.target.kind == .classes(["0", "1"]))
        #expect(planned.plan.rows == 8)
        #expect(try planned.samples(\.test).targets == [1, -1, 1, 0])
        #expect(planned.plan.notes?.first?.description == "2 labels are -1 and count for nothing")
    }

    @Test func aLabelTooLargeSaysWhatClassesAre() throws {
        let labels = [0, 1 << 53].flatMap { value in withUnsafeBytes(of: Int64(value).littleEndian) { Array($0) } }
        let (job, files) = try job(
            labels, type: "<i8", shape: "(2,)", features: [0, 1], featureShape: "(2, 1)",
            split: .init(train: 1, test: 0, order: .file))
        try withExtendedLifetime(files) {
            let found = try problems { _ = try PlannedData(job, target: .classes(2), input: [1]) }
            #expect(found.count == 1 && found[0].hasPrefix("\(files[1].path): target of row 2: "), "\(found)")
            #expect(found[0].contains("numbers between -1e15 and 1e15"), "\(found)")
        }
    }

    @Test func rowsWithoutALabelAreStratifiedLikeAClass() throws {
        let labels = (0..<40).map { [0, 1, -1, 1][$0 % 4] }
        let (job, files) = try job(
            labels.map { UInt8(bitPattern: Int8($0)) }, type: "|i1", shape: "(40,)", features: Array(0..<40),
            featureShape: "(40, 1)", split: .init(train: 0.5, test: 0.5, stratify: true))
        let planned = try withExtendedLifetime(files) { try PlannedData(job, target: .classes(2), input: [1]) }
        for part in [\DataPlan.training, \.test] {
            let targets = try planned.samples(part).targets
            #expect([-1, 0, 1].map { label in targets.count { $0 == label } } == [5, 5, 10])
        }
    }

    /// Whoever means two classes by them is told why one is missing.
    @Test func minusOneAndOneAreNotTwoClasses() throws {
        let (job, files) = try job(
            [255, 1, 255, 1], type: "|i1", shape: "(4,)", features: [0, 1, 2, 3], featureShape: "(4, 1)",
            split: .init(train: 1, test: 0, order: .file))
        try withExtendedLifetime(files) {
            let found = try problems { _ = try PlannedData(job, target: .classes(2), input: [1]) }
            #expect(found.count == 1 && found[0].contains("('1')") && found[0].contains("-1 says that"), "\(found)")
            #expect(!found[0].contains("data.target") && !found[0].contains("data.types"), "\(found)")
        }
    }

    @Test func idsHaveAPlaceInTheVocabulary() throws {
        let (job, files) = try job(
            [0, 1, 0, 1], type: "|u1", shape: "(4,)", features: [0, 9, 1, 2, 3, 10, 4, 5], featureShape: "(4, 2)",
            split: .init(train: 0.5, test: 0.5, order: .file))
        func plan(ids: Int, normalize: DataSpecification.Normalization = .none) throws {
            var specification = job
            specification.normalize = normalize
            var planner = DatasetPlanner(
                file: URL(filePath: job.path), specification: specification, target: .classes(2), input: [2],
                slices: 1, batchSize: 1, seed: 7)
            planner.embeddedIDs = ids
            _ = try planner.plan { ContentDigest(of: $0) }
        }
        try withExtendedLifetime(files) {
            try plan(ids: 11)
            #expect(
                try problems { try plan(ids: 10) } == [
                    "row 3, number 2: 10 is no token id: expected a whole number from 0 to 9, as the model's vocabulary is "
                        + "10, or -1 for padding"
                ])
            #expect(try problems { try plan(ids: 11, normalize: .standard) }.first?.hasPrefix("data.normalize") == true)
        }
    }

    /// One label for each position, as `predict: each` learns them: classes are those of all positions.
    @Test func aLabelForEachPosition() throws {
        let labels: [Int8] = [3, 5, -1, 5, 3, 9, 9, -1, -1, 3, 3, 3]
        let (job, files) = try job(
            labels.map { UInt8(bitPattern: $0) }, type: "|i1", shape: "(4, 3)", features: Array(0..<12),
            featureShape: "(4, 3)", split: .init(train: 0.5, test: 0.5, order: .file))
        try withExtendedLifetime(files) {
            let specification = job
            let planned = try PlannedData(
                specification, target: .classes(3), input: [3], resultPositions: 3, batchSize: 2)
            #expect(planned.plan.preprocessing.target.kind == .classes(["3", "5", "9"]))
            #expect(planned.plan.preprocessing.targetCount == 3)
            #expect(try planned.samples(\.test).targets == [2, -1, -1, 0, 0, 0])
            #expect(try planned.samples(\.training).targets.sorted() == [-1, 0, 0, 1, 1, 2])
            #expect(
                try problems {
                    _ = try PlannedData(specification, target: .classes(3), input: [3], resultPositions: 1)
                } == ["the data gives 3 labels a sample, the network has results at 1 position"])
        }
    }
}

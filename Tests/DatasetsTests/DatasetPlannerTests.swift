import Datasets
import Digests
import Foundation
import Testing

@Suite struct DatasetPlannerTests {
    /// Rows `id,id*2,class` whose id says where they came from.
    private func table(_ rows: Int, classes: Int = 2) -> String {
        "id,double,y\n" + (0..<rows).map { "\($0),\($0 * 2),\($0 % classes)\n" }.joined()
    }

    private func ids(_ lines: [String]) -> [Int] {
        lines.map { Int($0.prefix { $0 != "," })! }
    }

    @Test(arguments: [(103, 10, 4), (64, 64, 7), (30, 7, 3), (11, 11, 11)])
    func partsAndShardsCoverEveryRowOnce(rows: Int, batchSize: Int, slices: Int) throws {
        let fixture = try DataFixture(table(rows * 2))
        let plan = try fixture.plan(
            target: .classes(2), split: .init(train: 0.6, validation: 0.1, test: 0.3), input: [2], slices: slices,
            batchSize: batchSize)
        let all = (plan.training + plan.validation + plan.test).flatMap { ids(fixture.lines($0)) }
        #expect(all.sorted() == Array(0..<rows * 2))
        #expect(plan.trainingRows + plan.validationRows + plan.testRows == rows * 2)
        #expect(plan.testRows == Int((Double(rows * 2) * 0.3).rounded()))
        for shards in [plan.training, plan.validation, plan.test] {
            #expect(shards.count == slices)
            for shard in shards {
                #expect(fixture.shards[shard.digest]?.count == shard.bytes)
                #expect(fixture.lines(shard).count == shard.rows)
            }
        }
        #expect(plan.test.flatMap { ids(fixture.lines($0)) } == ids(plan.test.flatMap(fixture.lines)).sorted())
    }

    /// The rows of each step are the same set however many slices the batch is cut into.
    @Test func batchesDoNotDependOnSlices() throws {
        let fixture = try DataFixture(table(50))
        func staticBatches(slices: Int) throws -> [Set<Int>] {
            let plan = try fixture.plan(target: .classes(2), input: [2], slices: slices, batchSize: 8)
            let batches = BatchSlices(batchSize: 8, slices: slices, rows: plan.trainingRows)
            let shards = plan.training.map { ids(fixture.lines($0)) }
            return (0..<batches.steps).map { step in
                Set(shards.indices.flatMap { shards[$0][batches.shardPlaces(ofSlice: $0, step: step)] })
            }
        }
        let one = try staticBatches(slices: 1)
        #expect(try staticBatches(slices: 4) == one)
        #expect(try staticBatches(slices: 8) == one)
        #expect(one.map(\.count) == [8, 8, 8, 8, 8, 8, 2])
    }

    @Test func stratifiedPartsKeepTheClassesShares() throws {
        let text = "a,y\n" + (0..<200).map { "\($0),\($0 < 150 ? "common" : $0 < 190 ? "some" : "rare")\n" }.joined()
        let fixture = try DataFixture(text)
        let plan = try fixture.plan(
            target: .classes(3), split: .init(train: 0.7, validation: 0.1, test: 0.2, stratify: true), slices: 2,
            batchSize: 4)
        func count(_ shards: [DataPlan.Shard], _ name: String) -> Int {
            shards.flatMap(fixture.lines).filter { $0.hasSuffix(name) }.count
        }
        #expect(["common", "some", "rare"].map { count(plan.training, $0) } == [105, 28, 7])
        #expect(["common", "some", "rare"].map { count(plan.validation, $0) } == [15, 4, 1])
        #expect(["common", "some", "rare"].map { count(plan.test, $0) } == [30, 8, 2])
    }

    @Test func normalizationSeesTheTrainingPartOnly() throws {
        let fixture = try DataFixture(table(40))
        let plan = try fixture.plan(
            target: .classes(2), split: .init(train: 0.5, test: 0.5), normalize: .standard, input: [2], slices: 2,
            batchSize: 4)
        let training = ids(plan.training.flatMap(fixture.lines)).map(Double.init)
        let mean = training.reduce(0, +) / 20
        let deviation = (training.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20).squareRoot()
        #expect(abs(plan.preprocessing.offsets[0] - mean) < 1e-12)
        #expect(abs(plan.preprocessing.scales[0] - deviation) < 1e-12)
        #expect(abs(plan.preprocessing.scales[1] - 2 * deviation) < 1e-12)
    }

    @Test func planningTwiceGivesTheSamePlanAndAnotherSeedAnother() throws {
        let fixture = try DataFixture(table(60))
        func plan(seed: UInt64) throws -> DataPlan {
            try fixture.plan(
                target: .classes(2), split: .init(train: 0.8, test: 0.2), normalize: .minMax, input: [2], slices: 4,
                batchSize: 12, seed: seed)
        }
        #expect(try plan(seed: 1) == plan(seed: 1))
        #expect(try plan(seed: 1).training != plan(seed: 2).training)
        #expect(try plan(seed: 1).test != plan(seed: 2).test)
        #expect(try plan(seed: 1).digest == ContentDigest(ofFile: fixture.file))
    }

    @Test func categoriesBecomeOneInputPerValue() throws {
        let fixture = try DataFixture(
            "size,colour,y\n1,red,10\n2,\"blue, dark\",20\n3,red,30\n4,green,40\n")
        let plan = try fixture.plan(normalize: .minMax, input: [4])
        #expect(plan.preprocessing.hasCategories)
        #expect(plan.preprocessing.features[1].kind == .category(["blue, dark", "green", "red"]))
        let samples = try fixture.samples(plan.training[0], plan)
        let rows = (0..<4).map { Array(samples.features[$0 * 4..<$0 * 4 + 4]) + [samples.targets[$0]] }
        #expect(
            Set(rows) == [
                [0, 0, 0, 1, 10], [Float(1.0 / 3), 1, 0, 0, 20], [Float(2.0 / 3), 0, 0, 1, 30], [1, 0, 1, 0, 40],
            ])
    }

    @Test func aCategoryOutsideOfTrainingOnlyIsAProblem() throws {
        let text = "colour,y\n" + (0..<20).map { "c\($0),1\n" }.joined()
        let found = try problems(in: text, split: .init(train: 0.9, test: 0.1), input: [18])
        #expect(found.count == 2)
        #expect(
            found.allSatisfy { $0.contains("occurs in 1 row of the validation or test part but in no training row") })
    }

    /// Where all training rows are one batch, none of them are none.
    @Test func aTrainingPartOfNoRowsIsAProblem() throws {
        let fixture = try DataFixture("x,y\n1,2\n")
        let planner = DatasetPlanner(
            file: fixture.file,
            specification: DataSpecification(
                path: fixture.file.path(percentEncoded: false), target: "y", split: .init(train: 0.4, test: 0.6)),
            target: .number, input: [1], slices: 1, batchSize: nil, seed: 7)
        let report = #expect(throws: DatasetReport.self) { _ = try planner.plan { ContentDigest(of: $0) } }
        #expect(report?.problems.map(\.message) == ["1 row is too few: the training part would be empty"])
        #expect(report?.problems.first?.key == ["data", "split", "train"])
    }

    @Test func rowsAreCopiedAsTheyAre() throws {
        let fixture = try DataFixture("\u{FEFF}id,note,y\r\n 1 ,\"a \"\"b\"\"\n,c\",2\r\n3,d,4")
        let plan = try fixture.plan(features: ["id"])
        let shard = String(decoding: fixture.shards[plan.training[0].digest]!, as: UTF8.self)
        #expect([" 1 ,\"a \"\"b\"\"\n,c\",2\n3,d,4\n", "3,d,4\n 1 ,\"a \"\"b\"\"\n,c\",2\n"].contains(shard))
        let samples = try fixture.samples(plan.training[0], plan)
        #expect(samples.features.sorted() == [1, 3])
        #expect(samples.targets.sorted() == [2, 4])
    }
}

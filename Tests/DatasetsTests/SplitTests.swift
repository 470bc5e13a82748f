@testable import Datasets
import Foundation
import Testing

/// Splits that keep an order, leaks between parts, and series.
@Suite struct SplitTests {
    private func specification(_ scratch: ScratchFile, _ split: DataSpecification.Split) -> DataSpecification {
        DataSpecification(path: scratch.path, targets: ["y"], split: split)
    }

    @Test func timeOrder() throws {
        let scratch = try ScratchFile(
            "day,a,y\n2020-01-05,5,5\n2020-01-01,1,1\n2020-01-03,3,3\n2020-01-02,2,2\n2020-01-04,4,4\n")
        let planned = try PlannedData(
            specification(scratch, .init(train: 0.6, validation: 0.2, test: 0.2, order: .column("day"))), input: [1])
        #expect(try planned.samples(\.training).targets.sorted() == [1, 2, 3])
        #expect(try planned.samples(\.validation).targets == [4])
        #expect(try planned.samples(\.test).targets == [5])
        #expect(planned.plan.preprocessing.features.map(\.name) == ["a"])
        #expect(
            try problems {
                _ = try PlannedData(
                    specification(scratch, .init(train: 0.6, test: 0.4, order: .column("dya"))), input: [1])
            } == ["line 1: the column to split by 'dya' is not in the header: did you mean 'day'?"])
    }

    @Test func leaksThatAreNotListedAreCounted() throws {
        let scratch = try ScratchFile("a,y\n9,9\n" + String(repeating: "1,2\n", count: 15))
        let planned = try PlannedData(specification(scratch, .init(train: 0.5, test: 0.5, order: .file)), input: [1])
        let note = try #require(planned.plan.notes?.first { $0.kind == .leak })
        #expect(note.count == 8 && note.examples.count == 6 && note.examples.last == "and 3 more")
    }

    @Test func aClassThatIsNotLearnedIsTold() throws {
        let scratch = try ScratchFile("a,y\n" + (1...10).map { "\($0),\($0 > 8 ? "b" : "a")\n" }.joined())
        func notes(_ split: DataSpecification.Split) throws -> [DataPlan.Note]? {
            try PlannedData(specification(scratch, split), target: .classes(2), input: [1]).plan.notes
        }
        let found = try notes(.init(train: 0.8, test: 0.2, order: .file))
        #expect(found?.map(\.kind) == [.unlearned])
        #expect(
            found?.map(\.description)
                == ["1 class has no row in the training part, so it is never learned: 'b' (2 rows elsewhere)"])
        #expect(try notes(.init(train: 0.9, test: 0.1, order: .file)) == nil)
    }

    private let leaking = "a,y\n1,0\n2,0\n3,1\n 2,0\n1,1\n3,1\n"

    @Test func leaksAreReported() throws {
        let scratch = try ScratchFile(leaking)
        let planned = try PlannedData(specification(scratch, .init(train: 0.5, test: 0.5, order: .file)), input: [1])
        let note = try #require(planned.plan.notes?.first)
        #expect(note.kind == .leak && note.count == 2 && planned.plan.testRows == 3)
        #expect(note.examples == ["line 5 is line 3 again", "line 7 is line 4 again"])
        let dropped = try PlannedData(
            specification(scratch, .init(train: 0.5, test: 0.5, order: .file, onLeak: .drop)), input: [1])
        #expect(dropped.plan.testRows == 1 && dropped.plan.trainingRows == 3)
        #expect(try dropped.samples(\.test).targets == [1])
        let refused = try problems {
            _ = try PlannedData(
                specification(scratch, .init(train: 0.5, test: 0.5, order: .file, onLeak: .error)), input: [1])
        }
        #expect(
            refused.count == 1
                && refused[0].hasPrefix("2 rows of the validation and test parts are in the training part too"))
    }

    @Test func noPartIsEmptiedByItsLeaks() throws {
        let scratch = try ScratchFile("a,y\n1,0\n2,0\n3,1\n4,1\n1,0\n2,0\n3,1\n4,1\n")
        let split = DataSpecification.Split(train: 0.5, validation: 0.25, test: 0.25, order: .file, onLeak: .drop)
        let report = #expect(throws: DatasetReport.self) {
            _ = try PlannedData(specification(scratch, split), input: [1])
        }
        #expect(
            report?.problems.map(\.message)
                == ["validation", "test"].map {
                    "the \($0) part is empty without its rows that are in the training part too: set "
                        + "data.clean.duplicates to drop, or data.split.on_leak to warn"
                })
        #expect(report?.problems.first?.key == ["data", "split", "on_leak"])
    }

    /// Windows of two rows that foretell one, over rows 0 to 9 of which the first 6 are for training.
    @Test func seriesNeverReachOverABorder() throws {
        let scratch = try ScratchFile("a,y\n" + (0..<10).map { "\($0),\($0 * 10)\n" }.joined())
        var job = specification(scratch, .init(train: 0.6, test: 0.4))
        job.series = SeriesForm(window: 2, horizon: 1)
        job.features = ["a", "y"]
        job.normalize = .minMax
        let planned = try PlannedData(job, input: [2, 2])
        let training = try planned.samples(\.training)
        #expect(training.rows == 4 && training.targets.sorted() == [20, 30, 40, 50])
        #expect(planned.plan.preprocessing.scales == [5, 50])
        let test = try planned.samples(\.test)
        #expect(test.targets == [80, 90])
        #expect(test.features == [1.2, 1.2, 1.4, 1.4, 1.4, 1.4, 1.6, 1.6])
        var row = [Float](repeating: 0, count: 4)
        try planned.plan.preprocessing.encode(row: ["6", "60", "7", "70"], into: &row)
        #expect(row == [1.2, 1.2, 1.4, 1.4])
        job.series = SeriesForm(window: 7, horizon: 1)
        #expect(
            try problems { _ = try PlannedData(job, input: [7, 2]) }.first
                == "the training part has 6 rows, fewer than one window of 7 and a horizon of 1: give it a larger share in "
                + "data.split, or make data.series.window or horizon smaller")
        // Of a part that is too short nothing is said a second time.
        job.split = .init(train: 0.7, test: 0.3)
        job.series = SeriesForm(window: 1, horizon: 3)
        let short = #expect(throws: DatasetReport.self) { _ = try PlannedData(job, input: [1, 2]) }
        #expect(short?.problems.count == 1 && short?.problems.first?.key == ["data", "split"])
        #expect(
            short?.problems.first?.message.hasPrefix("the test part has 3 rows,") == true)
    }

    @Test func severalStepsAhead() throws {
        let scratch = try ScratchFile("y\n" + (0..<12).map { "\($0)\n" }.joined())
        var job = specification(scratch, .init(train: 0.5, test: 0.5))
        job.series = SeriesForm(window: 2, horizon: 3, stride: 2)
        let planned = try PlannedData(job, target: .numbers(3), input: [2, 1])
        #expect(try planned.samples(\.test).features == [6, 7])
        #expect(try planned.samples(\.test).targets == [8, 9, 10])
    }

    /// Such a series has as many numbers a sample as its table has columns, and is stored as windows all the same.
    @Test(arguments: [["y"], ["y", "z"]]) func windowsOfOneRow(targets: [String]) throws {
        let scratch = try ScratchFile("a,y,z\n" + (0..<8).map { "\($0),\($0 * 10),\($0 * 100)\n" }.joined())
        var job = DataSpecification(
            path: scratch.path, targets: targets, features: ["a"], split: .init(train: 0.5, test: 0.5))
        job.series = SeriesForm(window: 1, horizon: 1)
        let planned = try PlannedData(job, target: .numbers(targets.count), input: [1])
        let test = try planned.samples(\.test)
        #expect(test.rows == 3 && test.features == [4, 5, 6])
        let learned: [Float] = targets.count == 1 ? [50, 60, 70] : [50, 500, 60, 600, 70, 700]
        #expect(test.targets == learned)
        #expect(try planned.samples(\.training).rows == 3)
    }

    /// What puts the rows in order goes with the model: who asks it has to keep the same order.
    @Test func theOrderOfASeriesGoesWithTheModel() throws {
        let scratch = try ScratchFile("day,x,y\n" + (0..<20).map { "\(20 - $0),1,\($0)\n" }.joined())
        var job = DataSpecification(
            path: scratch.path, targets: ["y"], split: .init(train: 0.5, test: 0.5, order: .column("day")))
        #expect(try PlannedData(job, input: [1]).plan.preprocessing.order == nil)
        job.series = SeriesForm(window: 2)
        let preprocessing = try PlannedData(job, input: [2]).plan.preprocessing
        #expect(preprocessing.order == "day")
        let json = try JSONEncoder().encode(preprocessing)
        #expect(try JSONDecoder().decode(Preprocessing.self, from: json) == preprocessing)
        job.split.order = .file
        #expect(try PlannedData(job, input: [2]).plan.preprocessing.order == nil)
    }
}

@testable import Datasets
import Foundation
import Testing

/// Cleaning, types and normalisation of tables, and JSON lines, which are tables too.
@Suite struct TableCleaningTests {
    private func plan(
        _ text: String, name: String = "data.csv", target: TargetRequirement = .number, targets: [String] = ["y"],
        features: [String] = [], input: [Int], train: Double = 1,
        _ change: (inout DataSpecification) -> Void = { _ in }
    ) throws -> PlannedData {
        let scratch = try ScratchFile(text, name: name)
        var specification = DataSpecification(
            path: scratch.path, format: name.hasSuffix("jsonl") ? .jsonl : .csv, targets: targets, features: features,
            split: .init(train: train, test: 1 - train, order: .file))
        change(&specification)
        return try PlannedData(specification, target: target, input: input)
    }

    /// Inputs by the first target, which says which row it was.
    private func inputs(_ planned: PlannedData, _ part: KeyPath<DataPlan, [DataPlan.Shard]> = \.training) throws
        -> [[Float]]
    {
        let samples = try planned.samples(part)
        return (0..<samples.rows).sorted {
            samples.targets[$0 * samples.targetCount] < samples.targets[$1 * samples.targetCount]
        }
        .map { Array(samples.features[$0 * samples.featureCount..<($0 + 1) * samples.featureCount]) }
    }

    private let holes = "a,town,y\n1,Bath,0\n,York,1\n5,,2\n9,York,3\nNA,Bath,4\n100,York,5\n"

    @Test func missingValuesAreFilledFromTheTrainingPart() throws {
        // The training part is 1, -, 5, 9: mean 5, most frequent town York.
        let planned = try plan(holes, input: [3], train: 4.0 / 6) { $0.cleaning.missing = .mean }
        #expect(try inputs(planned) == [[1, 1, 0], [5, 0, 1], [5, 0, 1], [9, 0, 1]])
        #expect(try inputs(planned, \.test) == [[5, 1, 0], [100, 0, 1]])
        var row = [Float](repeating: 0, count: 3)
        try planned.plan.preprocessing.encode(row: ["null", "?"], into: &row)
        #expect(row == [5, 0, 1])
    }

    @Test(arguments: [
        (Cleaning.Missing.median, [Float(7), 7]), (.mostFrequent, [1, 1]), (.constant("-2"), [-2, -2]),
    ])
    func otherWaysToFill(rule: Cleaning.Missing, filled: [Float]) throws {
        let planned = try plan(holes, features: ["a"], input: [1]) { $0.cleaning.columns = ["a": rule] }
        let all = try inputs(planned).map { $0[0] }
        #expect([all[1], all[4]] == filled)
    }

    /// Of numbers and of texts alike.
    @Test(arguments: [Cleaning.Missing.mean, .median, .mostFrequent])
    func nothingStandsForValuesThatTrainingLacks(rule: Cleaning.Missing) throws {
        let text = "c,n,y\n,,0\n,,1\n,,2\nBath,1,3\n"
        func keys(_ change: (inout Cleaning) -> Void) throws -> [[String]]? {
            let report = #expect(throws: DatasetReport.self) {
                _ = try plan(text, input: [1], train: 0.75) { change(&$0.cleaning) }
            }
            #expect(
                report?.problems.map(\.description)
                    == ["c", "n"].map {
                        "column '\($0)': no value of the training part is there, so nothing can be learned of it"
                    })
            return report?.problems.map(\.key)
        }
        #expect(
            try keys { $0.columns = ["c": rule, "n": rule] }
                == [["data", "clean", "columns", "c"], ["data", "clean", "columns", "n"]])
        #expect(try keys { $0.missing = rule } == [["data", "clean", "missing"], ["data", "clean", "missing"]])
        let constant = try plan("c,y\n,0\n,1\n,2\nYork,3\n", input: [1], train: 0.75) {
            $0.cleaning.missing = .constant("York")
        }
        #expect(constant.plan.preprocessing.features[0].fill == 0)
    }

    /// scikit-learn's pipeline of an imputer and a scaler: the filled values count.
    @Test func filledValuesCountInTheNormalisation() throws {
        let planned = try plan("a,y\n1,0\n,1\n3,2\n8,3\n", input: [1]) {
            $0.cleaning.missing = .mean
            $0.normalize = .standard
        }
        #expect(planned.plan.preprocessing.offsets == [4])
        #expect(abs(planned.plan.preprocessing.scales[0] - (26.0 / 4).squareRoot()) < 1e-12)
    }

    @Test func rowsAndDuplicatesAreLeftOut() throws {
        let planned = try plan("a,y\n1,0\n,1\n1,0\n 1 ,0\n2,1\nx,\n", targets: ["y"], input: [1]) {
            $0.cleaning = Cleaning(missing: .drop, duplicates: .drop)
        }
        #expect(try inputs(planned) == [[1], [2]])
        #expect(
            planned.plan.notes?.map(\.description) == [
                "2 rows with missing values were left out: column 'a' is empty in 1, first in line 3; column 'y' is empty in "
                    + "1, first in line 7",
                "2 rows that are there before were left out",
            ])
    }

    @Test func valuesAreClippedBeforeAnythingIsLearned() throws {
        let planned = try plan("a,y\n-50,0\n0,1\n10,2\n900,3\n", input: [1]) {
            $0.cleaning.clip = ["a": .init(low: 0, high: 10)]
            $0.normalize = .minMax
        }
        #expect(try inputs(planned) == [[0], [0], [1], [1]])
        var row = [Float](repeating: 0, count: 1)
        try planned.plan.preprocessing.encode(row: ["1e9"], into: &row)
        #expect(row == [1])
    }

    /// scikit-learn's RobustScaler of 1...5 and 100: median 3.5, quartiles 2.25 and 4.75.
    @Test func robust() throws {
        let planned = try plan("a,y\n1,0\n2,0\n3,0\n4,0\n5,0\n100,1\n", input: [1]) { $0.normalize = .robust }
        #expect(planned.plan.preprocessing.offsets == [3.5] && planned.plan.preprocessing.scales == [2.5])
    }

    @Test func typesAreWhatTheJobSays() throws {
        let text =
            "zip,town,born,y\n10115,Bath,1970-01-02,0\n20095,York,2000-02-29T12:00:00+00:00,1\n10115,York,1969-12-31 18:00,2\n"
        let planned = try plan(text, input: [4]) { $0.types = ["zip": .category, "town": .index, "born": .date] }
        #expect(try inputs(planned) == [[1, 0, 0, 1], [0, 1, 1, 11016.5], [1, 0, 1, -0.25]])
        #expect(planned.plan.preprocessing.takesTexts)
        #expect(
            try problems {
                _ = try plan("d,y\n1970-13-01,0\n2001-02-29,1\nlong ago,2\n2001-01-01,3\n", input: [1]) {
                    $0.types = ["d": .date]
                }
            } == [
                "line 2, column 'd': '1970-13-01' is not a date such as 2024-12-31 or 2024-12-31T18:30:00Z",
                "line 3, column 'd': '2001-02-29' is not a date such as 2024-12-31 or 2024-12-31T18:30:00Z",
                "line 4, column 'd': 'long ago' is not a date such as 2024-12-31 or 2024-12-31T18:30:00Z",
            ])
    }

    /// Dates that are taken for categories would be an error for each day that training lacks.
    @Test func datesAreMissedOnce() throws {
        let rows = (1...9).map { "2024-01-0\($0),\($0)\n" }.joined()
        let scratch = try ScratchFile("day,y\n" + rows)
        let job = DataSpecification(
            path: scratch.path, target: "y", split: .init(train: 0.7, test: 0.3, order: .file))
        #expect(
            try problems { _ = try PlannedData(job, input: [6]) } == [
                "line 8, column 'day': 3 of its dates occur in the validation or test part but in no training row, and "
                    + "each is taken for a category of its own: set data.types.day to date"
            ])
    }

    /// Numbers that are taken for categories would be an error for each that training lacks, which no seed mends.
    @Test func numbersWrittenForPeopleAreMissedOnce() throws {
        let rows = (1...9).map { "\"\($0),500\",\($0)\n" }.joined()
        let scratch = try ScratchFile("income,y\n" + rows)
        var job = DataSpecification(
            path: scratch.path, target: "y", split: .init(train: 0.7, test: 0.3, order: .file))
        #expect(
            try problems { _ = try PlannedData(job, input: [1]) } == [
                "the data gives 6 inputs (1 column, category columns counted once per value), the model takes 1: model.input "
                    + "is [1]; column 'income' holds numbers written as '1,500', which are read as texts: write them without "
                    + "separators and signs",
                "line 8, column 'income': the column holds numbers written as '7,500', which are read as texts, each a "
                    + "category of its own: write them without separators and signs",
            ])
        job.types = ["income": .category]
        let declared = try problems { _ = try PlannedData(job, input: [6]) }
        #expect(declared.count == 3 && declared.allSatisfy { $0.contains("try another train.seed") }, "\(declared)")
    }

    /// Another seed does not help where every row has a name.
    @Test func namesOfRowsAreMissedOnce() throws {
        let rows = (0..<40).map { "p\($0)x,\($0)\n" }.joined()
        let scratch = try ScratchFile("id,y\n" + rows)
        let job = DataSpecification(
            path: scratch.path, target: "y", split: .init(train: 0.5, test: 0.5, order: .file))
        #expect(
            try problems { _ = try PlannedData(job, input: [20]) } == [
                "line 22, column 'id': 20 texts of the validation or test part are in no training row, as nearly every row "
                    + "has a text of its own, which is a name of it (an id) and nothing to learn from: leave the column out by "
                    + "naming the columns to use in data.features"
            ])
    }

    @Test func severalTargets() throws {
        let planned = try plan("a,y,z\n1,10,100\n2,20,200\n", target: .numbers(2), targets: ["y", "z"], input: [1])
        let samples = try planned.samples(\.training)
        #expect(samples.targetCount == 2 && samples.targets.sorted() == [10, 20, 100, 200])
        #expect(
            try problems { _ = try plan("a,y\n1,2\n", target: .numbers(3), input: [1]) }
                == ["the data gives 1 number to learn, the model has 3 outputs"])
    }

    /// Classes are those of all target columns, as they are of all labels of an array.
    @Test func severalTargetsOfClasses() throws {
        func plan(_ text: String, _ change: (inout DataSpecification) -> Void = { _ in }) throws -> PlannedData {
            try self.plan(text, target: .classes(3), targets: ["t0", "t1"], input: [1], change)
        }
        let planned = try plan("a,t0,t1\n1,p,q\n2,q,r\n3,p,-1\n")
        let preprocessing = planned.plan.preprocessing
        #expect(preprocessing.targets.map(\.kind) == [.classes(["p", "q", "r"]), .classes(["p", "q", "r"])])
        let samples = try planned.samples(\.training)
        #expect(samples.targetCount == 2 && samples.targets.sorted() == [-1, 0, 0, 1, 1, 2])
        #expect(planned.plan.notes == nil)
        #expect(
            try problems { _ = try plan("a,t0,t1\n1,p,q\n2,q,\n3,,r\n") } == [
                "line 3, column 't1': the target is missing: \(Self.missingTarget("missing"))",
                "line 4, column 't0': the target is missing: \(Self.missingTarget("missing"))",
            ])
        #expect(
            try problems {
                _ = try plan("a,t0,t1\n1,p,q\n2,q,\n3,,r\n") { $0.cleaning.columns = ["t1": .constant("p")] }
            } == [
                "line 3, column 't1': the target is missing: \(Self.missingTarget("columns.t1"))",
                "line 4, column 't0': the target is missing: \(Self.missingTarget("missing"))",
            ])
        #expect(
            try problems { _ = try plan("a,t0,t1\n1,1,2\n2,2,3\n") { $0.types = ["t1": .category] } } == [
                "'t1' is declared as category and 't0' is not, but the classes are those of all target columns: declare all "
                    + "of them, or none"
            ])
    }

    /// What to do about a target that is missing, by the name of its rule.
    private static func missingTarget(_ rule: String) -> String {
        "what is learned is never filled in; set data.clean.\(rule) to drop, and rows without it are left out"
    }

    /// The rule that is to be changed is the one that counts.
    @Test func aMissingTargetIsNeverFilledIn() throws {
        for (target, what) in [(TargetRequirement.classes(2), "the target"), (TargetRequirement.number, "a value")] {
            #expect(
                try problems {
                    _ = try plan("a,y\n1,1\n2,2\n3,\n", target: target, input: [1]) {
                        $0.cleaning.columns = ["y": .mean]
                    }
                } == ["line 4, column 'y': \(what) is missing: \(Self.missingTarget("columns.y"))"])
        }
    }

    /// The first position counts, and a class that is only at others stands in nobody's way.
    @Test func stratifiedByTheFirstOfSeveralTargets() throws {
        let rows = (0..<8).map { "\($0),\($0 % 2),2\n" }.joined()
        let planned = try plan("a,t0,t1\n" + rows, target: .classes(3), targets: ["t0", "t1"], input: [1]) {
            $0.split = .init(train: 0.5, test: 0.5, stratify: true)
        }
        let targets = try planned.samples(\.test).targets
        #expect(targets.sorted() == [0, 0, 1, 1, 2, 2, 2, 2])
    }

    @Test func jsonLinesAreATable() throws {
        let text = """
            {"a": 1, "list": [1, 2.5], "town": "B\\u00e4d, \\"x\\"", "y": "no"}
            {"town": "Ely\\nTown", "y": "yes", "a": -2e1, "list": [3, 4]}
            {"list": [5, 6], "a": null, "town": "Ely\\nTown", "y": "no"}
            """
        let planned = try plan(text, name: "data.jsonl", target: .classes(2), input: [5]) {
            $0.cleaning.missing = .mean
        }
        #expect(planned.plan.preprocessing.features.map(\.name) == ["a", "list[0]", "list[1]", "town"])
        #expect(planned.plan.preprocessing.features[3].kind == .category(["Bäd, \"x\"", "Ely\nTown"]))
        #expect(Set(try inputs(planned)) == [[1, 1, 2.5, 1, 0], [-20, 3, 4, 0, 1], [-9.5, 5, 6, 0, 1]])
        let chosen = try plan(text, name: "data.jsonl", target: .classes(2), features: ["list"], input: [2])
        #expect(chosen.plan.preprocessing.features.map(\.name) == ["list[0]", "list[1]"])
        #expect(
            try problems {
                _ = try plan(text, name: "data.jsonl", target: .classes(2), features: ["list[0]"], input: [1])
            }.first
                == "line 1: the feature column 'list[0]' is no field of the first line: where 'list' is a list, name that, "
                + "which stands for all of its columns")
        #expect(
            try problems {
                _ = try plan(text, name: "data.jsonl", target: .classes(2), features: ["list"], input: [2]) {
                    $0.types = ["list": .number]
                }
            }.first
                == "line 1: the column 'list' is no field of the first line that has one value: it is a list, whose columns "
                + "are 'list[0]', 'list[1]'")
    }

    @Test func problemsOfJSONLinesHaveTheirLines() throws {
        let text =
            "{\"a\": 1, \"y\": 2}\n{\"a\": 1\n[1]\n{\"a\": {\"b\": 1}, \"y\": 1}\n{\"a\": [1], \"c\": 1}\n{\"a\": \"\\ud800\"}\n"
        #expect(
            try problems { _ = try plan(text, name: "data.jsonl", input: [1]) } == [
                "line 2: the JSON ends early: expected ',' or '}' behind a field",
                "line 3: a list, expected a JSON object: write each row as an object, on a line of its own",
                "line 4, column 'a': nested, expected text, a number or a list of them",
                "line 5, column 'a': a list, where the first line has one value",
                "line 5, column 'c': the first line has no such field: give it there as null, or name the fields to use in "
                    + "data.features", "line 6: half of a surrogate pair in a string",
            ])
        #expect(
            try problems {
                _ = try plan(
                    "{\"a\": 1, \"y\": 2}\n{\"a\": \"x\", \"y\": 2}\n{\"a\": 1, \"y\": null}\n", name: "data.jsonl",
                    input: [1])
            }
                == [
                    "line 2, column 'a': 'x' is not a number",
                    "line 3, column 'y': a value is missing: data.clean.missing says what to do about it",
                ])
    }

    /// It is said once, whatever lines an array is written on.
    @Test(arguments: ["[{\"a\": 1, \"y\": 2}]\n", "[\n  {\n    \"a\": 1,\n    \"y\": 2\n  }\n]\n", "[1, 2]\n[3, 4]\n"])
    func anArrayIsNoLines(_ text: String) throws {
        #expect(
            try problems { _ = try plan(text, name: "data.jsonl", input: [1]) } == [
                "line 1: a list, expected a JSON object on each line: `jq -c '.[]'` makes them of an array of objects"
            ])
    }

    /// Fields that nobody asks for may hold whatever JSON there is; those that are columns may not.
    @Test func nestedFieldsArePassedOver() throws {
        let text = """
            {"meta": {"tags": [["x"], {}], "n": null}, "a": 1, "y": 2, "grid": [[1, 2], [3]]}
            {"a": 3, "y": 4, "meta": [1, {"b": "}"}], "grid": 7}
            """
        let planned = try plan(text, name: "data.jsonl", features: ["a"], input: [1])
        #expect(Set(try inputs(planned)) == [[1], [3]])
        #expect(
            try problems { _ = try plan(text, name: "data.jsonl", features: ["a", "meta"], input: [2]) } == [
                "line 1, column 'meta': nested, expected text, a number or a list of them",
                "line 2, column 'meta': nested, expected text, a number or a list of them",
            ])
        let deep = String(repeating: "[", count: 65) + String(repeating: "]", count: 65)
        #expect(
            try problems {
                _ = try plan("{\"a\": 1, \"y\": 2, \"b\": \(deep)}\n", name: "data.jsonl", features: ["a"], input: [1])
            } == ["line 1: field 'b' is nested more than 64 levels deep"])
    }

    /// As of a CSV file, it is enough that the column is there.
    @Test func fieldsThatOnlyRulesNameAreThere() throws {
        let text = "{\"a\": 1, \"b\": \"x\", \"c\": 2, \"y\": 3}\n{\"a\": 2, \"b\": \"y\", \"c\": 3, \"y\": 4}\n"
        let planned = try plan(text, name: "data.jsonl", features: ["a"], input: [1]) {
            $0.types = ["b": .category]
            $0.cleaning = Cleaning(columns: ["c": .mean], clip: ["c": .init(low: 0, high: 1)])
        }
        #expect(planned.plan.preprocessing.features.map(\.name) == ["a"])
        #expect(Set(try inputs(planned)) == [[1], [2]])
        #expect(
            try problems {
                _ = try plan(text, name: "data.jsonl", features: ["a"], input: [1]) { $0.types = ["d": .category] }
            } == ["line 1: the column 'd' is no field of the first line"])
    }

    /// A column cannot be missing without a word.
    @Test func anEmptyListIsNoColumn() throws {
        let text = "{\"a\": 1, \"list\": [], \"y\": 2}\n{\"a\": 3, \"list\": [], \"y\": 4}\n"
        let problem =
            "column 'list': an empty list, of which no column can be made: name the columns that are meant "
            + "under features"
        #expect(
            try problems { _ = try plan(text, name: "data.jsonl", input: [1]) }
                == ["line 1, \(problem)", "line 2, \(problem)"])
        let planned = try plan(text, name: "data.jsonl", features: ["a"], input: [1])
        #expect(Set(try inputs(planned)) == [[1], [3]])
    }

    @Test(arguments: ["01", "-01", "1.", ".5", "-.5", "+1", "1.e3", "1e"])
    func numbersAreThoseOfJSON(_ word: String) {
        func fields(_ word: String) -> JSONLineParser.Fields? {
            Array("{\"a\": \(word)}".utf8).withUnsafeBytes { text in try? JSONLineParser.fields(of: text) }
        }
        #expect(fields(word) == nil)
        for sound in ["0", "-0", "0.5", "10", "1e3", "-1.25E-2", "0e+1"] {
            #expect(fields(sound)?.first?.value == .cell(.init(bytes: Array(sound.utf8))))
        }
    }

    @Test func damagedTextNeverDoesMoreThanThrow() throws {
        let line = Array("{\"a\": -1.5e3, \"list\": [1, \"x\\u00e9\\n\"], \"b\": null, \"c\": true}".utf8)
        fuzz(line, rounds: 30_000) { bytes in
            _ = try? bytes.withUnsafeBytes { text in try JSONLineParser.fields(of: text) }
        }
        fuzz(Array("1,\"a \"\"b\"\"\",2.5e-3\r\n\"x\ny\",,nan\n".utf8), rounds: 30_000) { bytes in
            bytes.withUnsafeBytes { text in
                var parser = CSVParser()
                var position = 0
                while case .record(_, let next) = parser.parse(text, from: position, atEnd: true) { position = next }
            }
        }
        fuzz(Array("2000-02-29T12:00:00.5+01:00".utf8), rounds: 20_000) { bytes in
            _ = bytes.withUnsafeBytes { CalendarDate.days($0) }
        }
    }

    /// Dates that nobody called dates become categories, which is said, or nothing but an input too many.
    @Test func datesThatAreTakenForCategoriesAreTold() throws {
        let text = "d,y\n2024-01-01,1\n2024-01-02,2\n2024-01-01,3\n"
        #expect(
            try plan(text, input: [2]).plan.notes?.map(\.description) == [
                "3 cells of column 'd' are dates, such as '2024-01-01', taken for the names of 2 categories: set "
                    + "data.types.d to date, or to category"
            ])
        #expect(try plan(text, input: [1]) { $0.types = ["d": .date] }.plan.notes == nil)
        #expect(try plan(text, input: [2]) { $0.types = ["d": .category] }.plan.notes == nil)
        #expect(
            try problems { _ = try plan(text, input: [1]) } == [
                "the data gives 2 inputs (1 column, category columns counted once per value), the model takes 1: model.input "
                    + "is [1]; column 'd' holds dates: set data.types.d to date"
            ])
    }

    @Test func aConstantForDatesIsADate() throws {
        let text = "d,y\n1970-01-03,0\n,1\n1970-01-05,2\n"
        let planned = try plan(text, input: [1]) {
            $0.types = ["d": .date]
            $0.cleaning.missing = .constant("1970-01-08")
        }
        #expect(try inputs(planned) == [[2], [7], [4]])
        let wrong = try problems {
            _ = try plan(text, input: [1]) {
                $0.types = ["d": .date]
                $0.cleaning.missing = .constant("7")
            }
        }
        #expect(
            wrong == [
                "column 'd': data.clean fills in '7', which is not a date such as 2024-12-31; data.clean.columns says what to "
                    + "fill in for each column"
            ])
    }

    /// Where a metric that needs two classes cannot be measured follows from these.
    @Test func thePlanCountsTheClassesOfTheParts() throws {
        let text = "a,y\n1,p\n2,q\n3,p\n4,p\n5,-1\n"
        let planned = try plan(text, target: .classes(2), input: [1], train: 0.4)
        #expect(planned.plan.testClasses == 1 && planned.plan.validationClasses == 0)
        #expect(try plan("a,y\n1,1\n2,2\n", input: [1]).plan.testClasses == nil)
    }
}

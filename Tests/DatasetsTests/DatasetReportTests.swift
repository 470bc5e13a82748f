import Datasets
import Testing

@Suite struct DatasetReportTests {
    @Test func allProblemsAtOnceInOrderOfTheLines() throws {
        let text = "a,b,y\n1,2,3\n,2,3\n1,x,3\n1,2\n1,2,nan\n1,inf,y\n1,2,3\n"
        #expect(
            try problems(in: text, input: [2]) == [
                "line 3, column 'a': a value is missing: data.clean.missing says what to do about it",
                "line 4, column 'b': 'x' is not a number",
                "line 5: expected 3 cells as in the header, found 2",
                "line 6, column 'y': 'nan' is not a finite number: data.clean.missing says what to do about it",
                "line 7, column 'b': 'inf' is not a finite number",
                "line 7, column 'y': 'y' is not a number",
            ])
    }

    /// As data, not to be looked for in the words.
    @Test func problemsNameTheKeyOfTheJob() throws {
        let fixture = try DataFixture("a,\"x, y\",y\n1,b,1\n2,\"NA\",2\n3,NA,3\n")
        let found = #expect(throws: DatasetReport.self) { try fixture.plan(input: [9], batchSize: 50) }
        let report = try #require(found)
        let keys = report.problems.map(\.key)
        #expect(keys.contains(["train", "batch_size"]) && keys.contains(["data", "clean", "missing"]), "\(report)")
        #expect(report.lines { "\($0.count)" }.contains { $0.hasPrefix("2: the training part") })
        #expect(report.description.contains("\n  train.batch_size: the training part has 3 of 3 rows"))
    }

    /// Wherever the job names a column that is not there.
    @Test func columnsThatAreNotThereNameTheirKeys() throws {
        let scratch = try ScratchFile("a,b,y\n1,2,1\n2,3,2\n", name: "data.csv")
        var specification = DataSpecification(
            path: scratch.path, targets: ["y"], split: .init(train: 1, test: 0, order: .column("f")))
        specification.types = ["c": .category]
        specification.cleaning = Cleaning(columns: ["d": .drop], clip: ["e": .init(low: 0, high: 1)])
        let found = #expect(throws: DatasetReport.self) {
            try PlannedData(specification, target: .number, input: [2])
        }
        let keys = try #require(found).problems.filter { $0.message.contains("is not in the header") }.map(\.key)
        #expect(
            Set(keys) == [
                ["data", "types", "c"], ["data", "clean", "columns", "d"], ["data", "clean", "clip", "e"],
                ["data", "split", "by"],
            ])
    }

    /// Nothing is said of a target that is not there but that.
    @Test func aMissingTargetIsOneProblem() throws {
        #expect(
            try problems(
                in: "a,lable\n1,x\n2,y\n", target: .classes(2), column: "label",
                split: .init(train: 0.5, test: 0.5, stratify: true))
                == ["line 1: the target column 'label' is not in the header: did you mean 'lable'?"])
    }

    @Test func linesAreThoseOfTheFile() throws {
        let text = "a,note,y\r\n1,\"two\r\nlines\",3\r\nx,plain,3\r\n2,plain,3"
        #expect(
            try problems(in: text, input: [3]) == ["line 4, column 'a': 'x' is not a number"])
    }

    @Test func theFileAsAWhole() throws {
        #expect(try problems(in: "") == ["the file is empty: expected a header and rows"])
        #expect(try problems(in: "\u{FEFF}") == ["the file is empty: expected a header and rows"])
        #expect(
            try problems(in: "\u{FEFF}\u{FEFF}a,y\n1,2\n") == [
                "the file begins with two byte order marks, expected one or none: leave the first out, for example by "
                    + "`tail -c +4 FILE > NEW`"
            ])
        #expect(try problems(in: "a,y\n") == ["the file has a header but no rows"])
        #expect(try problems(in: "y\n1\n") == ["line 1: no column is left to learn from"])
        #expect(
            try problems(in: "a,y\n1,2\n3,4\n", batchSize: 3)
                == ["the training part has 2 of 2 rows, fewer than train.batch_size 3"])
        #expect(
            try problems(in: "a,b,y\n1,2,3\n", input: [1, 8, 8]) == [
                "the data gives 2 inputs (2 columns), the model takes 64: model.input is [1, 8, 8], set it to a shape of 2 numbers"
            ])
    }

    @Test func impossibleRequests() throws {
        let text = "a,y\n1,2\n3,4\n"
        #expect(try problems(in: text, batchSize: 0) == ["train.batch_size is 0, expected at least 1"])
        for split in [(0.5, 0.0, 0.4), (.nan, 0, 1), (2, 0, -1), (0, 0.5, 0.5)] {
            let split = DataSpecification.Split(train: split.0, validation: split.1, test: split.2)
            #expect(try problems(in: text, split: split) == ["the fractions of data.split do not add up to 1"])
        }
    }

    @Test func headers() throws {
        #expect(
            try problems(in: "a,lable\n1,2\n", column: "label")
                == ["line 1: the target column 'label' is not in the header: did you mean 'lable'?"])
        #expect(
            try problems(in: "a,b\n1,2\n", column: "price")
                == ["line 1: the target column 'price' is not in the header, which has 'a', 'b'"])
        #expect(
            try problems(in: "a;b;y\n1;2;3\n", column: "y") == [
                "line 1: the header has one column only and semicolons in it: cells must be separated by commas; convert the "
                    + "file, for example in Python by pandas.read_csv('FILE', sep=';').to_csv('NEW', index=False), "
                    + "with decimal=',' behind sep where its numbers have decimal commas"
            ])
        for header in ["\"a\"\t\"y\"", "a\t\"y\""] {
            #expect(
                try problems(in: "\(header)\n1\t2\n") == [
                    "line 1: the header has tabs between its names: cells must be separated by commas; convert the file, "
                        + "for example in Python by pandas.read_csv('FILE', sep='\\t').to_csv('NEW', index=False)"
                ])
        }
        #expect(try problems(in: "a\"b,y\n1,2\n").first?.contains("a quote inside a cell") == true)
        #expect(
            try problems(in: "a,a,,y\n1,2,3,4\n", input: [3]) == [
                "line 1, column 'a': two columns have this name: give one of them another, or, if it is not to be learned "
                    + "from, name the columns to use in data.features",
                "line 1: column 3 has no name: give it one, or name the columns to use in data.features",
            ])
        #expect(
            try problems(in: "age,y\n1,2\n", features: ["aeg", "y"]) == [
                "line 1: the feature column 'aeg' is not in the header: did you mean 'age'?",
                "line 1, column 'y': the target is also named as a feature",
            ])
    }

    @Test func mixedColumnsNameTheOddCells() throws {
        #expect(
            try problems(in: "a,y\nred,1\nblue,1\n7,1\n")
                == ["line 4, column 'a': '7' is a number, but the column holds text elsewhere"])
        #expect(try problems(in: "a,y\n7,1\n8,1\nred,1\n") == ["line 4, column 'a': 'red' is not a number"])
    }

    @Test func tooManyTextsAreNoCategories() throws {
        let text = "a,y\n" + (0...1000).map { "t\($0),1\n" }.joined()
        #expect(
            try problems(in: text, input: [1]) == [
                "column 'a': more than 1000 different texts are too many for categories: leave the column out by "
                    + "naming the columns to use in data.features"
            ])
    }

    @Test func quotesAndBlankLines() throws {
        #expect(
            try problems(in: "a,y\n1,2\n\n\"1\"x,2\n3,4\n\n") == [
                "line 3: the line is empty", "line 4: text after the closing quote of a cell",
            ])
        #expect(
            try problems(in: "a,y\n1,2\n\"3,4\n5,6\n") == ["line 3: a quoted cell without a closing quote"])
        #expect(try problems(in: "a,y\n1,2\n\n\n") == [])
    }

    @Test func classes() throws {
        let text = "a,y\n1,x\n2,y\n3,z\n4,x\n"
        #expect(
            try problems(in: text, target: .classes(2)) == [
                "column 'y': the target has 3 classes ('x', 'y', 'z'), the model's head is for 2: set model.classes to "
                    + "3, with a model.task of classification"
            ])
        #expect(
            try problems(
                in: text, target: .classes(3), split: .init(train: 0.5, test: 0.5, stratify: true)) == [
                    "column 'y': class 'y' has 1 row, too few for a stratified split: none would be in the training part",
                    "column 'y': class 'z' has 1 row, too few for a stratified split: none would be in the test part",
                ])
        #expect(
            try problems(in: "a,y\n1,2\n3,4\n", split: .init(train: 0.5, test: 0.5, stratify: true)) == [
                "column 'y': a target of numbers cannot be stratified: leave data.split.stratify out, or set it to false"
            ])
    }

    /// A file in another encoding or form has the same said of each line: once, with how often.
    @Test func manyOfAKindAreOneLine() throws {
        let fixture = try DataFixture("a,b,y\n" + String(repeating: ",x,1\n", count: 500) + "1,2,3\n")
        let report = #expect(throws: DatasetReport.self) { try fixture.plan(input: [2]) }
        #expect(report?.total == 501)
        #expect(
            report?.problems.map(\.description) == [
                "line 2, column 'a': a value is missing: data.clean.missing says what to do about it (and 499 more like it, "
                    + "up to line 501)",
                "line 502, column 'b': '2' is a number, but the column holds text elsewhere",
            ])
        #expect(report?.description.hasPrefix("501 problems in ") == true)
        #expect(report?.description.hasSuffix("elsewhere") == true)
        let few = try problems(in: "a,y\n1,1\n" + String(repeating: ",1\n", count: 10))
        #expect(few.count == 10 && few.last?.hasPrefix("line 12, column 'a': a value is missing: ") == true)
    }

    @Test func aHundredAreListedAndAllAreCounted() throws {
        let columns = (0..<150).map { "c\($0)" }.joined(separator: ",")
        let row = [String](repeating: "", count: 150).joined(separator: ",")
        let fixture = try DataFixture("\(columns),y\n" + String(repeating: "\(row),1\n", count: 2))
        let report = #expect(throws: DatasetReport.self) { try fixture.plan(input: [150]) }
        #expect(report?.problems.count == 100)
        #expect(report?.total == 300)
        #expect(report?.problems.first?.description.hasPrefix("line 2, column 'c0': a value is missing: ") == true)
        #expect(report?.description.hasPrefix("300 problems in ") == true)
        #expect(report?.description.hasSuffix("  and 200 more") == true)
    }

    /// A target of quantities is no target of classes, and the split of them says nothing more.
    @Test func numbersAreForRegression() throws {
        let split = DataSpecification.Split(train: 0.5, test: 0.5, stratify: true)
        let prices = "a,y\n" + (0..<6).map { "1,\($0).5\n" }.joined()
        #expect(
            try problems(in: prices, target: .classes(2), split: split) == [
                "column 'y': the target has 6 classes ('0.5', '1.5', '2.5', '3.5', '4.5', '5.5'), the model's head is for 2: "
                    + "its values are numbers such as 0.5, so set model.task to regression, without model.classes"
            ])
        let ages = "a,y\n" + (0..<30).map { "1,\($0)\n" }.joined()
        let found = try problems(in: ages, target: .classes(2))
        #expect(found.count == 1 && found[0].hasSuffix("; if it is a quantity, model.task to regression"), "\(found)")
    }

    @Test func otherSeparatorsAreNamed() throws {
        for (separator, name) in [(";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")] {
            let text = "a,b,y\n1,2,3\n1.5,2,3\n".replacing(",", with: separator).replacing(".", with: ",")
            let found = try problems(in: text, features: ["a"])
            #expect(found.count == 1 && found[0].hasPrefix("line 1: the header has one column only and \(name) in it"))
        }
    }
}

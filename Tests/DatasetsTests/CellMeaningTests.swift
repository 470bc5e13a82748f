@testable import Datasets
import Foundation
import Testing

/// What a cell is: a text or a missing value, one text in two forms of Unicode, a number that looks like none.
@Suite struct CellMeaningTests {
    private func plan(
        _ text: String, name: String = "data.csv", target: TargetRequirement = .number, features: [String] = [],
        input: [Int] = [1], _ change: (inout DataSpecification) -> Void = { _ in }
    ) throws -> PlannedData {
        let scratch = try ScratchFile(text, name: name)
        var specification = DataSpecification(
            path: scratch.path, format: name.hasSuffix("jsonl") ? .jsonl : .csv, targets: ["y"], features: features,
            split: .init(train: 1, test: 0, order: .file))
        change(&specification)
        return try PlannedData(specification, target: target, input: input)
    }

    private func categories(_ planned: PlannedData) -> [String] {
        if case .category(let values) = planned.plan.preprocessing.features[0].kind { values } else { [] }
    }

    private func classes(_ planned: PlannedData) -> [String] {
        if case .classes(let names) = planned.plan.preprocessing.target.kind { names } else { [] }
    }

    @Test func quotedWordsAreTexts() throws {
        let text = "land,y\n\"NA\",\"None\"\nDE,\"null\"\nFR,\"None\"\n"
        let planned = try plan(text, target: .classes(2), input: [3])
        #expect(categories(planned) == ["DE", "FR", "NA"] && classes(planned) == ["None", "null"])
        let lines = """
            {"land": "NA", "y": "None"}
            {"land": "nan", "y": "?"}
            """
        let json = try plan(lines, name: "data.jsonl", target: .classes(2), input: [2])
        #expect(categories(json) == ["NA", "nan"] && classes(json) == ["?", "None"])
        var row = [Float](repeating: 0, count: 2)
        try json.plan.preprocessing.encode(row: ["nan"], into: &row)
        #expect(row == [0, 1])
    }

    @Test func declaredWordsAreTexts() throws {
        let text = "land,y\nNA,None\nDE,nan\nnull,-1\n"
        let planned = try plan(text, target: .classes(3), input: [3]) {
            $0.types = ["land": .category, "y": .category]
            $0.cleaning.missing = .drop
        }
        #expect(categories(planned) == ["DE", "NA", "null"] && classes(planned) == ["-1", "None", "nan"])
        #expect(try planned.samples(\.training).targets.sorted() == [0, 1, 2])
        #expect(planned.plan.notes == nil)
    }

    @Test func theWayOutIsTold() throws {
        #expect(
            try problems { _ = try plan("land,y\nNA,None\nDE,x\n", target: .classes(2), input: [2]) } == [
                "line 2, column 'land': a value is missing ('NA'): data.clean.missing says what to do about it; if it is "
                    + "a text, write it in quotes or set data.types.land to category",
                "line 2, column 'y': the target is missing ('None'): if it is a class, write it in quotes or set "
                    + "data.types.y to category; what is learned is never filled in; set data.clean.missing to drop, and rows "
                    + "without it are left out",
            ])
        #expect(
            try problems { _ = try plan("a,y\n1,1\n\"NA\",2\n3,3\n") } == [
                "line 3, column 'a': 'NA' is not a number: in quotes it is a text, without it is a missing value, or set "
                    + "data.types.a to number"
            ])
        // What is filled in is so whatever the quotes, as a request has none.
        let filled = try plan("a,y\n1,1\n\"NA\",2\n3,3\n?,4\n\"?\",5\n") {
            $0.cleaning.missing = .constant("7")
        }
        #expect(filled.plan.preprocessing.features[0].kind == .number)
        #expect(filled.plan.preprocessing.features[0].fill == 7)
        #expect(
            try problems {
                _ = try plan("a,y\n1,1\n2,2\n\"NA\",2\nnone,3\n") { $0.cleaning.missing = .constant("7") }
            } == [
                "line 5, column 'a': 'none' is not a number: a missing value is written NA, N/A, n/a, null, NULL, None or "
                    + "?, or left out"
            ])
        let declared = try plan("a,y\n1,1\n\"NA\",2\n3,3\n") {
            $0.types = ["a": .number]
            $0.cleaning.missing = .mean
        }
        #expect(try declared.samples(\.training).features.sorted() == [1, 2, 3])
    }

    /// A worker and a node see no quotes, so a word cannot be both.
    @Test func aWordIsATextOrMissingInOneColumn() throws {
        for rule in [Cleaning.Missing.mostFrequent, .drop] {
            #expect(
                try problems {
                    _ = try plan("land,y\n\"NA\",1\nDE,2\nNA,3\n", input: [2]) { $0.cleaning.missing = rule }
                } == [
                    "line 2, column 'land': 'NA' stands in quotes here, which makes it a text, but without in line 4, "
                        + "where it is a missing value: set data.types.land to category, and it is a text in both"
                ])
        }
    }

    @Test func whatIsDroppedIsTold() throws {
        let planned = try plan(
            "a,y\n1,None\n2,x\n,x\n4,None\n5,z\n", target: .classes(2), input: [1]
        ) { $0.cleaning.missing = .drop }
        #expect(
            planned.plan.notes?.map(\.description) == [
                "3 rows with missing values were left out: column 'y' is 'None' in 2, first in line 2; column 'a' is "
                    + "empty in 1, first in line 4"
            ])
    }

    /// `é` as one character and as two is one text: as a class, as a category, as a column, and when it is asked about.
    @Test func bothFormsOfUnicodeAreOneText() throws {
        let composed = "caf\u{E9}"
        let decomposed = "cafe\u{301}"
        let text = "pla\u{302}ce,y\n\(composed),\(decomposed)\n\(decomposed),\(composed)\nbar,bar\n"
        let planned = try plan(text, target: .classes(2), features: ["pl\u{E2}ce"], input: [2])
        for names in [categories(planned), classes(planned)] {
            #expect(names.map { Array($0.utf8) } == [Array("bar".utf8), Array(composed.utf8)])
        }
        let samples = try planned.samples(\.training)
        #expect(samples.targets.sorted() == [0, 1, 1] && samples.features.sorted() == [0, 0, 0, 1, 1, 1])
        for form in [composed, decomposed] {
            var row = [Float](repeating: 9, count: 2)
            try planned.plan.preprocessing.encode(row: [form], into: &row)
            #expect(row == [0, 1])
            #expect(try planned.plan.preprocessing.target(of: form) == 1)
        }
        #expect(
            try problems { _ = try plan("\(composed),\(decomposed),y\n1,2,3\n", input: [2]) }.count == 1,
            "two columns of one name")
    }

    @Test func notANumberInJSON() throws {
        let text = "{\"a\": NaN, \"y\": 1}\n{\"a\": 3, \"y\": 2}\n{\"a\": -Infinity, \"y\": 2}\n"
        #expect(
            try problems { _ = try plan(text, name: "data.jsonl") } == [
                "line 1, column 'a': 'NaN' is not a finite number: data.clean.missing says what to do about it",
                "line 3, column 'a': '-Infinity' is not a finite number",
            ])
        let filled = try plan("{\"a\": NaN, \"y\": 1}\n{\"a\": 3, \"y\": 2}\n", name: "data.jsonl") {
            $0.cleaning.missing = .mean
        }
        #expect(try filled.samples(\.training).features == [3, 3])
        #expect(
            try problems { _ = try plan("{\"a\": nan, \"y\": 1}\n", name: "data.jsonl") }
                == ["line 1: field 'a' is no JSON value: strings need quotes"])
    }

    /// A number is one in quotes as well, -1 too; what a job declares to be a name is one.
    @Test func minusOneInQuotesIsNoLabelUnlessItIsDeclared() throws {
        let csv = "a,y\n1,\"-1\"\n2,\"0\"\n3,\"1\"\n4,\"0\"\n"
        let json = "{\"a\": 1, \"y\": \"-1\"}\n{\"a\": 2, \"y\": \"0\"}\n{\"a\": 3, \"y\": \"1\"}\n"
        for (text, name) in [(csv, "data.csv"), (json, "data.jsonl")] {
            let planned = try plan(text, name: name, target: .classes(2))
            #expect(planned.plan.preprocessing.target.kind == .classes(["0", "1"]))
            #expect(planned.plan.notes?.map(\.kind) == [.unlabelled])
            let declared = try plan(text, name: name, target: .classes(3)) { $0.types = ["y": .category] }
            #expect(declared.plan.preprocessing.target.kind == .classes(["-1", "0", "1"]))
            #expect(declared.plan.notes == nil)
        }
    }

    @Test func columnsThatAreNotUsedMayBeCalledAsTheyLike() throws {
        let planned = try plan(",a,note,note,y,\n0,5,x,y,1,\n1,6,x,y,2,\n", features: ["a"])
        #expect(try planned.samples(\.training).features.sorted() == [5, 6])
        #expect(
            try problems { _ = try plan(",a,a,y\n0,5,6,1\n", features: ["a"]) }
                == ["line 1, column 'a': two columns have this name: give one of them another"])
        #expect(
            try problems { _ = try plan(",a,y\n0,5,1\n", input: [2]) } == [
                "line 1: column 1 has no name (the index that pandas writes, perhaps, which `to_csv(index=False)` leaves "
                    + "out): give it one, or name the columns to use in data.features"
            ])
        #expect(
            try problems { _ = try plan("a,y,\n1,2\n", features: ["a"]) }
                == ["line 2: expected 3 cells as in the header, which ends with a comma, found 2"])
    }

    @Test(arguments: [
        (["\"1,000\"", "\"2,500\""], "1,000"), (["12%", "7 %"], "12%"), (["$5", "€ 3"], "$5"),
        (["0x1A", "0xFF"], "0x1A"),
    ])
    func numbersThatAreWrittenForPeople(cells: [String], first: String) throws {
        let planned = try plan("price,y\n\(cells[0]),1\n\(cells[1]),2\n", input: [2])
        #expect(
            planned.plan.notes?.map(\.description) == [
                "2 cells of column 'price' are numbers with separators or signs, such as '\(first)', taken for the "
                    + "names of 2 categories: write plain numbers, or set data.types.price to category"
            ])
        let declared = try plan("price,y\n\(cells[0]),1\n\(cells[1]),2\n", input: [2]) {
            $0.types = ["price": .category]
        }
        #expect(declared.plan.notes == nil)
        let names = try plan("price,y\n\(cells[0]),1\ncheap,2\n", input: [2])
        #expect(names.plan.notes == nil)
    }

    /// -1 is no class: the row counts for nothing, in whichever part it is.
    @Test(arguments: [false, true])
    func theLabelMinusOne(stratify: Bool) throws {
        let text = "a,y\n" + (0..<20).map { "\($0),\($0 % 5 == 4 ? "-1" : String($0 % 2))\n" }.joined()
        let planned = try plan(text, target: .classes(2)) {
            $0.split = .init(train: 0.5, test: 0.5, stratify: stratify)
        }
        #expect(classes(planned) == ["0", "1"])
        let targets = try planned.samples(\.training).targets + planned.samples(\.test).targets
        #expect(targets.count == 20 && targets.count { $0 == -1 } == 4)
        #expect(
            planned.plan.notes?.map(\.description)
                == ["4 rows have the label -1, which is no class, and count for nothing"])
        #expect(
            try problems { _ = try plan("a,y\n1,1\n2,-1\n3,1\n", target: .classes(2)) } == [
                "column 'y': the target has 1 class ('1'), the model's head is for 2: there is nothing to tell apart, so "
                    + "check that data.target names the right column; -1 says that a row has no class, unless data.types "
                    + "declares the column as category"
            ])
    }

    /// Who has fewer classes than were meant hears of spellings that are one.
    @Test func spellingsAreToldWhereClassesAreMissing() throws {
        #expect(
            try problems { _ = try plan("a,y\n1,01234\n2,1234\n", target: .classes(2)) } == [
                "column 'y': the target has 1 class ('1234'), the model's head is for 2: there is nothing to tell apart, so "
                    + "check that data.target names the right column; spellings of one number (1 and 01) are one class, "
                    + "unless data.types.y is category"
            ])
    }

    /// As for a feature: a declared cell is a text, whatever it says.
    @Test func declaredClassesAreTexts() throws {
        let text = "a,y\n1,01234\n2,1234\n3,1e3\n4,1000\n5,+1\n6,1\n7,-1\n"
        let planned = try plan(text, target: .classes(7)) { $0.types = ["y": .category] }
        #expect(classes(planned) == ["-1", "1", "+1", "1e3", "1000", "1234", "01234"])
        #expect(try planned.samples(\.training).targets.sorted() == [0, 1, 2, 3, 4, 5, 6])
        let preprocessing = planned.plan.preprocessing
        #expect(preprocessing.label(ofClass: 6) == "01234")
        #expect(try preprocessing.target(of: "01234") == 6 && preprocessing.target(of: "1234") == 5)
        #expect(throws: CellError.self) { try preprocessing.target(of: "1234.0") }
        let stored = try JSONDecoder().decode(Preprocessing.self, from: JSONEncoder().encode(preprocessing))
        #expect(stored == preprocessing)
        #expect(planned.plan.notes == nil)
    }

    /// Numbers in two spellings are one class, which is told, for they may be names.
    @Test func spellingsThatAreOneClassAreTold() throws {
        let planned = try plan("a,y\n1,01234\n2,1234\n3,5\n4,1234.0\n", target: .classes(2))
        #expect(classes(planned) == ["5", "1234"])
        #expect(try planned.plan.preprocessing.target(of: "1234.00") == 1)
        #expect(
            planned.plan.notes?.map(\.description) == [
                "2 spellings of classes' numbers are taken for the same classes as others; if they are classes of their "
                    + "own, set data.types.y to category: 01234; 1234"
            ])
        #expect(try plan("a,y\n1,5\n2,x\n3,05\n", target: .classes(3)).plan.notes == nil)
        let several = try plan("a,y\n1,01\n2,1\n3,2\n4,2.0\n5,3\n6,03\n", target: .classes(3))
        #expect(several.plan.notes?.first?.examples == ["01", "1", "and 2 more classes"])
    }

    @Test func columnsOfOneValueAreTold() throws {
        let text = "a,b,c,y\n1,x,5,1\n1.0,x,6,2\n1,x,7,3\n"
        #expect(
            try plan(text, input: [3]).plan.notes?.map(\.description) == [
                "2 columns hold the same value in every row, so nothing can be learned from them: 'a'; 'b'"
            ])
        #expect(
            try plan("d,y\n2024-01-01,1\n2024-01-01,2\n") { $0.types = ["d": .date] }.plan.notes?.map(\.description)
                == [
                    "1 column holds the same value in every row, so nothing can be learned from it: 'd'"
                ])
        // What is filled in may be another value; one row tells nothing; pixels are what they are.
        #expect(try plan("a,y\n1,1\n,2\n") { $0.cleaning.missing = .constant("7") }.plan.notes == nil)
        #expect(try plan("a,y\n1,1\n").plan.notes == nil)
        #expect(try plan("a,b,y\n0,1,1\n0,2,2\n", input: [1, 1, 2]).plan.notes == nil)
    }

    @Test func aHeaderOfNumbersIsTold() throws {
        func notes(_ header: String) throws -> [String] {
            let target = header.split(separator: ",").last.map(String.init) ?? ""
            return try plan("\(header)\n3,1\n4,2\n") { $0.targets = [target] }.plan.notes?.map(\.description) ?? []
        }
        let told = [
            "1 line of numbers is taken for the header: if it is a row, put a line with the names of the columns before it"
        ]
        #expect(try notes("5.1,0") == told && notes("7,9") == told)
        #expect(try notes("0,1").isEmpty && notes("1,2").isEmpty && notes("a,1").isEmpty)
    }

    @Test func classesThatFloatsCannotTellApart() throws {
        let text = "a,y\n1,9007199254740993\n2,9007199254740992\n3,5\n"
        #expect(
            try problems { _ = try plan(text, target: .classes(2)) }.first
                == "column 'y': '9007199254740992' and '9007199254740993' are the same as 64-bit floats: set "
                + "data.types.y to category")
        let declared = try plan(text, target: .classes(3)) { $0.types = ["y": .category] }
        #expect(classes(declared).count == 3)
        let same = try plan("a,y\n1,9007199254740992\n2,+9007199254740992\n3,5\n", target: .classes(2))
        #expect(classes(same) == ["5", "9007199254740992"])
        for two in [("9007199254740992", "9007199254740993.0"), ("10000000000000001", "1e16")] {
            let rows = "a,y\n1,\(two.1)\n2,\(two.0)\n3,5\n"
            #expect(
                try problems { _ = try plan(rows, target: .classes(2)) }.first?.hasPrefix(
                    "column 'y': '\(two.0)' and '\(two.1)' are the same as 64-bit floats") == true)
        }
        let negative = try plan("a,y\n1,-9007199254740993\n2,-09007199254740993\n3,5\n", target: .classes(2))
        #expect(classes(negative).last == "5")
        #expect(
            try problems { _ = try plan(text.replacing("9007", with: "-9007"), target: .classes(2)) }.first
                == "column 'y': '-9007199254740992' and '-9007199254740993' are the same as 64-bit floats: set "
                + "data.types.y to category")
    }

    @Test func aTableNeedsATarget() throws {
        for name in ["data.csv", "data.jsonl"] {
            #expect(
                try problems { _ = try plan("a,y\n1,2\n", name: name) { $0.targets = [] } }
                    == ["data.target names no column, expected the one to learn"])
        }
    }

    @Test func oneClassHasNothingToTellApart() throws {
        #expect(
            try problems { _ = try plan("a,y\n1,x\n2,x\n", target: .classes(2)) } == [
                "column 'y': the target has 1 class ('x'), the model's head is for 2: there is nothing to tell apart, so "
                    + "check that data.target names the right column"
            ])
    }

    @Test func textsOfWhiteSpaceAreMissing() throws {
        #expect(
            try problems {
                _ = try plan("t,y\na b,x\n\u{2003}\u{C} ,y\n", target: .classes(2), input: [4]) {
                    $0.text = TextForm(
                        use: .classify(field: "t"), positions: 4, tokenizer: .words(vocabulary: 9, lowercase: false))
                }
            } == ["line 3, column 't': the text is missing"])
    }

    /// A divergence is learned of shares of one whole; what two decimals cannot say is near enough.
    @Test func targetsOfADivergenceAreShares() throws {
        func found(_ rows: String, _ target: TargetRequirement) throws -> [String] {
            try problems {
                _ = try plan("x,y,p,q\n1,0.33,0.33,0.33\n" + rows, target: target, features: ["x"]) {
                    $0.targets = ["y", "p", "q"]
                }
            }
        }
        let shares = TargetRequirement.distributions(3, outputs: 3)
        #expect(try found("2,0,1,0\n", shares) == [])
        #expect(try found("2,0.5,0.5,0.5\n3,-1,1,1\n", .numbers(3)) == [])
        let advice =
            ": train.loss kl_divergence learns shares, each 0 or more and together 1: give such, or choose another loss"
        #expect(
            try found("2,0.5,0.5,0.5\n3,-1,1,1\n", shares) == [
                "line 3: the targets 0.5, 0.5, 0.5 add up to 1.5\(advice)",
                "line 4: the targets -1.0, 1.0, 1.0 are not all 0 or more\(advice)",
            ])
        #expect(try found("2,x,0,1\n", shares) == ["line 3, column 'y': 'x' is not a number"])
    }

    /// As where there is one class only.
    @Test func aTargetThatNeverChangesIsRefused() throws {
        #expect(
            try problems { _ = try plan("a,y\n1,5\n2,5.0\n3,5\n") } == [
                "column 'y': the target is the same in all of 3 rows, so there is nothing to learn: check that data.target "
                    + "names the right column"
            ])
        #expect(try problems { _ = try plan("a,y\n1,5\n2,5\n3,6\n") } == [])
        #expect(try problems { _ = try plan("a,y\n1,5\n") } == [])
    }

    /// What is learned from and learned, as in a series, is told of once, and is never filled in.
    @Test func aTargetIsNotFilledIn() throws {
        let text = "t,y\n1,1\n2,\n3,NA\n4,2\n5,3\n"
        func found(_ rule: Cleaning.Missing) throws -> [String] {
            try problems {
                _ = try plan(text, input: [2]) {
                    $0.series = SeriesForm(window: 2)
                    $0.cleaning.missing = rule
                }
            }
        }
        let advice =
            ": what is learned is never filled in; set data.clean.missing to drop, and rows without it are left out"
        #expect(
            try found(.mean) == [
                "line 3, column 'y': a value is missing\(advice)",
                "line 4, column 'y': a value is missing ('NA')\(advice)",
            ])
        #expect(try found(.error).count == 2)
    }

    /// What stands in a file steers no terminal, and a message goes on behind a NUL.
    @Test func controlCharactersAreWrittenOut() throws {
        #expect(
            try problems { _ = try plan("a\u{1B}[31m,y\n1,1\n\u{7}x,2\n3,3\n", input: [1]) } == [
                "line 3, column 'a\\u{1B}[31m': '\\u{07}x' is not a number"
            ])
        #expect(CellError(column: "a\nb", message: "got '\u{0}'").description == "column 'a\\nb': got '\\0'")
        #expect(RawRowError(file: "f", column: "a\u{1B}", message: "m").description == "f, column 'a\\u{1B}': m")
        #expect(DataPlan.Note(kind: .leak, count: 1, message: "a\u{9B}b").description == "1 a\\u{009B}b")
    }
}

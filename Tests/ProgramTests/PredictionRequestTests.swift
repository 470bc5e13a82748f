import ArgumentParser
import ClusterProtocol
import Datasets
import Foundation
import Testing

@testable import martlet

@Suite struct PredictionRequestTests {
    private let numbers = ModelMetadata(
        name: "digits", inputs: [.init(name: "input", datatype: "FP32", shape: [-1, 1, 2])])
    private let words = ModelMetadata(
        name: "irises", inputs: [.init(name: "input", datatype: "BYTES", shape: [-1, 2])])

    private let reader = ModelMetadata(
        name: "reviews",
        inputs: [.init(name: "input", datatype: "BYTES", shape: [-1, 1], parameters: .init(columns: ["text"]))])

    func requests(
        _ text: String, _ name: String, _ model: ModelMetadata, dropping: [String] = []
    ) throws -> [PredictionRequest] {
        let folder = try ReadingFolder()
        let path = try folder.write(Array(text.utf8), name)
        let file = try #require(PredictionFile(path))
        return try file.requests(for: model, dropping: dropping)
    }

    func body(
        _ text: String, _ name: String, _ model: ModelMetadata, dropping: [String] = []
    ) throws -> String {
        let requests = try requests(text, name, model, dropping: dropping)
        #expect(requests.count == 1)
        return String(decoding: requests[0].body, as: UTF8.self)
    }

    /// What is said of a file, without its folder.
    func failure(
        _ text: String, _ name: String, _ model: ModelMetadata, dropping: [String] = []
    ) -> String {
        do {
            _ = try requests(text, name, model, dropping: dropping)
            return "none"
        } catch {
            return "\(error)".replacing(#/[^ ]*reading-[^/]*//#, with: "")
        }
    }

    @Test func rowsBecomeTheOneInput() throws {
        let expected = #"{"inputs":[{"data":[1,2,3,4.5],"datatype":"FP32","name":"input","shape":[2,1,2]}]}"#
        #expect(try body("[[1, 2], [3, 4.5]]", "f.json", numbers) == expected)
        #expect(try body("[[[1], 2], [[3], 4.5]]", "f.json", numbers) == expected)
        #expect(try body("[1, 2]\n[[3, 4.5]]\n", "f.jsonl", numbers) == expected)
        // An array of as many values as a row has is that row.
        #expect(
            try body("[1, 2]", "f.json", numbers)
                == #"{"inputs":[{"data":[1,2],"datatype":"FP32","name":"input","shape":[1,1,2]}]}"#)
    }

    private let four = ModelMetadata(
        name: "m",
        inputs: [
            .init(
                name: "input", datatype: "FP32", shape: [-1, 4], parameters: .init(columns: ["a", "b", "c", "d"]))
        ])

    /// Whatever their number in all, the values of one row are never a part of another.
    @Test(arguments: [
        ("[[1,2],[3,4]]", "f.json, row 1: 2 values, the model takes 4 (a, b, c, d)"),
        ("[[1,2,3,4],[5,6,7],[8,9,10,11,12]]", "f.json, row 2: 3 values, the model takes 4 (a, b, c, d)"),
        ("[[1,2,3,4,5,6,7,8]]", "f.json, row 1: 8 values, the model takes 4 (a, b, c, d)"),
        ("[[]]", "f.json, row 1: 0 values, the model takes 4 (a, b, c, d)"),
    ])
    func aListIsOneRow(text: String, message: String) {
        #expect(failure(text, "f.json", four) == message)
    }

    @Test func aLineIsOneRow() {
        #expect(
            failure("[1,2,3,4]\n[1,2]\n[3,4]\n", "f.jsonl", four)
                == "f.jsonl, line 2: 2 values, the model takes 4 (a, b, c, d)")
        #expect(
            failure("1\n2\n3\n4\n", "f.jsonl", four)
                == "f.jsonl, line 1: one value, the model takes 4 (a, b, c, d): write each row as a list of its values")
        #expect(
            failure("[[1,2,3,4,5,6,7,8],[9,10,11,12,13,14,15,16]]", "f.json", numbers(shape: [-1, 1, 4, 4]))
                == "f.json, row 1: 8 values, the model takes 16")
    }

    @Test func valuesInNoRowAreRefused() throws {
        let refusal =
            "f.json: the array holds values that are in no row, the model takes 4 (a, b, c, d): write each row as a list "
            + "of its values"
        for text in ["[1,2,3]", "[1,2,3,4,5,6,7,8]", "[1,2,[3,4,5,6]]", "[[1,2,3,4],5]"] {
            #expect(failure(text, "f.json", four) == refusal, "\(text)")
        }
        #expect(try requests("[1,2,3,4]", "f.json", four).map(\.places) == [["row 1"]])
    }

    /// Where a row has one value, each is a row.
    @Test func aTextIsARow() throws {
        for (text, name) in [
            (#"["good", "bad"]"#, "f.json"), (#"[["good"], ["bad"]]"#, "f.json"), ("\"good\"\n[\"bad\"]\n", "f.jsonl"),
        ] {
            #expect(try body(text, name, reader).contains(#""data":["good","bad"]"#), "\(text)")
        }
        #expect(failure(#"[["good","bad"]]"#, "f.json", reader) == "f.json, row 1: 2 values, the model takes 1 (text)")
    }

    /// Lists are rows of a series as objects are, or its whole windows.
    @Test func rowsOfASeriesMayBeLists() throws {
        let series = ModelMetadata(
            name: "m",
            inputs: [
                .init(name: "input", datatype: "BYTES", shape: [-1, 4], parameters: .init(columns: ["c", "d"]))
            ])
        let objects = #"[{"c":"u","d":1},{"c":"v","d":2},{"c":"u","d":3},{"c":"v","d":4}]"#
        let lists = #"[["u",1],["v",2],["u",3],["v",4]]"#
        #expect(try requests(lists, "f.json", series) == requests(objects, "f.json", series))
        #expect(try requests(lists, "f.json", series).map(\.places.count) == [3])
        #expect(
            try requests(#"[["u",1,"v",2],[["u",3],["v",4]]]"#, "f.json", series).map(\.places) == [["row 1", "row 2"]])
        #expect(try requests(#"["u",1,"v",2]"#, "f.json", series).map(\.places) == [["row 1"]])
        #expect(
            failure(#"[["u",1,"v"]]"#, "f.json", series)
                == "f.json, row 1: 3 values, the model takes 2 (c, d) in each row, or 4 for 2 rows in a row")
        #expect(
            failure(#"[["u",1,"v",2],["u",3]]"#, "f.json", series)
                == "f.json, row 2: rows of a series and whole windows are mixed: expected one or the other")
    }

    /// As a node wants them that takes fewer rows, from the first on that is not answered.
    @Test func requestsAreAsLongAsTheClusterTakes() throws {
        let text = (0..<1000).map { "[\($0),0]" }.joined(separator: "\n")
        let folder = try ReadingFolder()
        let path = try folder.write(Array(text.utf8), "f.jsonl")
        let file = try #require(PredictionFile(path))
        #expect(try file.requests(for: numbers).map(\.places.count) == [256, 256, 256, 232])
        let rest = try file.requests(for: numbers, rows: 200, skipping: 256)
        #expect(rest.map(\.places.count) == [200, 200, 200, 144])
        #expect(String(decoding: rest[0].body, as: UTF8.self).hasPrefix(#"{"inputs":[{"data":[256,0,257,0,"#))
        #expect(rest[0].places.first == (try file.requests(for: numbers))[1].places.first)
    }

    @Test func aWholeRequestIsSentAsItIs() throws {
        let text = #"{ "id": "7", "inputs": [] }"#
        #expect(try body(text, "f.json", numbers) == text)
    }

    @Test func columnsBecomeRows() throws {
        let table = "a,target,b\n1,x, 2.5\n"
        #expect(
            try body(table, "f.csv", numbers, dropping: ["target"])
                == #"{"inputs":[{"data":[1,2.5],"datatype":"FP32","name":"input","shape":[1,1,2]}]}"#)
        #expect(
            try body(table, "f.csv", words, dropping: ["a"])
                == #"{"inputs":[{"data":["x"," 2.5"],"datatype":"BYTES","name":"input","shape":[1,2]}]}"#)
    }

    /// The same numbers as in training: Datasets' tests hold them against each other.
    @Test func aPictureIsARow() throws {
        let picture = try #require(
            Data(
                base64Encoded:
                    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAAAAADRSSBWAAAAC0lEQVR4nGNgPwEAANkA0NemIjwAAAAASUVORK5CYII="
            ))
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).png")
        try picture.write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let request = try PredictionRequest(pictureFile: file.path, model: numbers(shape: [-1, 1, 1, 2]))
        #expect(
            String(decoding: request.body, as: UTF8.self)
                == #"{"inputs":[{"data":[7,200],"datatype":"FP32","name":"input","shape":[1,1,1,2]}]}"#)
        let error = #expect(throws: CommandFailure.self) {
            try PredictionRequest(pictureFile: file.path, model: numbers(shape: [-1, 2]))
        }
        #expect(error?.description.contains("does not read pictures") == true)
        // A table's columns may have a picture's shape, and other numbers than bytes may.
        var table = numbers(shape: [-1, 1, 1, 2])
        table.inputs[0].parameters = .init(columns: ["a", "b"])
        let refused = #expect(throws: CommandFailure.self) {
            try PredictionRequest(pictureFile: file.path, model: table)
        }
        #expect(
            refused?.description
                == "\(file.path): model 'digits' does not read pictures but columns of a table ('a', 'b'): give a .csv, "
                + ".json or .jsonl file")
        for (pictures, isTaken) in [(true, true), (false, false)] {
            var model = numbers(shape: [-1, 1, 1, 2])
            model.inputs[0].parameters = .init(pictures: pictures)
            #expect(((try? PredictionRequest(pictureFile: file.path, model: model)) != nil) == isTaken)
        }
        #expect(
            failure("x", "f.txt", numbers(shape: [-1, 1, 1, 2]))
                == "f.txt: model 'digits' does not read text but pictures of shape [1, 1, 2]: give a .png or .jpg file, or "
                + "numbers as a .csv, .json or .jsonl file")
        try Data("no picture".utf8).write(to: file)
        let damaged = #expect(throws: PictureError.self) {
            try PredictionRequest(pictureFile: file.path, model: numbers(shape: [-1, 1, 1, 2]))
        }
        #expect(damaged?.description == "\(file.path): it is neither a PNG nor a JPEG picture")
    }

    private func numbers(shape: [Int]) -> ModelMetadata {
        ModelMetadata(name: "digits", inputs: [.init(name: "input", datatype: "FP32", shape: shape)])
    }

    let named = ModelMetadata(
        name: "irises",
        inputs: [
            .init(name: "input", datatype: "BYTES", shape: [-1, 2], parameters: .init(columns: ["size", "kind"]))
        ])

    /// By name, whatever the order and whatever else is there; what is missing is an empty text, as in training.
    @Test func columnsAreFoundByName() throws {
        let expected = #"{"inputs":[{"data":["2.5","red"],"datatype":"BYTES","name":"input","shape":[1,2]}]}"#
        #expect(try body("kind,target,size\nred,x,2.5\n", "f.csv", named) == expected)
        #expect(try body(#"[{"kind": "red", "size": "2.5", "more": 1}]"#, "f.json", named) == expected)
        #expect(try body(#"{"kind": "red", "size": 2.5}"#, "f.jsonl", named) == expected)
        for row in [#"{"kind": "red", "size": null}"#, #"{"kind": "red"}"#] {
            #expect(try body("[\(row)]", "f.json", named).contains(#""data":["","red"]"#))
        }
        #expect(try body(#"{"kind": true, "size": NaN}"#, "f.jsonl", named).contains(#""data":["NaN","true"]"#))
        #expect(
            failure(#"[{"kind": "red", "siez": 2}]"#, "f.json", named)
                == "f.json, row 1, column 'siez': the model has no such field: did you mean 'size'? Where that is "
                + "missing, give it as null")
        #expect(
            failure("kind\nred\n", "f.csv", named)
                == "f.csv: no column 'size', which the model reads: its columns are 'kind'")
    }

    @Test func aTableNeedsAHeader() {
        #expect(
            failure("2.5,red\n3,blue\n", "f.csv", named)
                == "f.csv: no column 'size', which the model reads: its columns are '2.5', 'red'; the first line of a table "
                + "is its header: where this one has none, put a line with the names of its columns before it")
        #expect(
            failure("\"size\";\"kind\"\n2.5;red\n", "f.csv", named)
                == "f.csv: the header has semicolons between its names: cells must be separated by commas; convert the "
                + "file, for example in Python by pandas.read_csv('FILE', sep=';').to_csv('NEW', index=False), with "
                + "decimal=',' behind sep where its numbers have decimal commas")
    }

    @Test func aListIsAColumnForEachElement() throws {
        let model = ModelMetadata(
            name: "m",
            inputs: [
                .init(
                    name: "input", datatype: "FP32", shape: [-1, 3], parameters: .init(columns: ["a", "p[0]", "p[1]"]))
            ])
        let expected = #"{"inputs":[{"data":[1,2,3.5],"datatype":"FP32","name":"input","shape":[1,3]}]}"#
        #expect(try body(#"[{"p": [2, 3.5], "a": 1}]"#, "f.json", model) == expected)
        #expect(try body(#"[{"p[0]": 2, "p[1]": 3.5, "a": 1}]"#, "f.json", model) == expected)
        #expect(
            failure(#"{"p": [2], "a": 1}"#, "f.jsonl", model)
                == "f.jsonl, line 1, column 'p': a list of 1, where the model has 2")
    }

    /// A line ends with LF or CR LF; other separators are characters of the text.
    @Test func linesOfTextAreRows() throws {
        let text = "\u{FEFF}good film\r\none\u{2028}two\u{85}\u{C}\n\u{B}bad\n\n"
        #expect(
            try body(text, "f.txt", reader)
                == "{\"inputs\":[{\"data\":[\"good film\",\"one\u{2028}two\u{85}\\u000c\",\"\\u000bbad\"],"
                + #""datatype":"BYTES","name":"input","shape":[3,1]}]}"#)
        #expect(failure("good\n\nbad\n", "f.txt", reader) == "f.txt, line 2: the line is empty")
        #expect(failure("good\n \u{2003}\n", "f.txt", reader) == "f.txt, line 2: the text is empty")
        #expect(failure("x", "f.txt", numbers).hasPrefix("f.txt: model 'digits' does not read text"))
    }

    /// Rows of a series are put in the order in which they were for training.
    @Test func aSeriesIsPutInOrder() throws {
        let model = ModelMetadata(
            name: "m",
            inputs: [
                .init(
                    name: "input", datatype: "FP32", shape: [-1, 2], parameters: .init(columns: ["y"], order: "day"))
            ])
        let expected = #"{"inputs":[{"data":[1,2,2,3],"datatype":"FP32","name":"input","shape":[2,2]}]}"#
        #expect(try body("day,y\n2024-01-03,3\n2024-01-01,1\n2024-01-02,2\n", "f.csv", model) == expected)
        #expect(try body("y,day\n3,30\n1,4\n2,20\n", "f.csv", model) == expected)
        #expect(
            try body(#"[{"day": 30, "y": 3}, {"day": 4, "y": 1}, {"day": 20, "y": 2}]"#, "f.json", model) == expected)
        let places = try requests("day,y\n3,3\n1,1\n2,2\n", "f.csv", model)[0].places
        #expect(places == ["the rows from line 3 on", "the rows from line 4 on"])
        // Without the column they stay as they are, and so do whole windows.
        #expect(try body("y\n1\n2\n3\n", "f.csv", model) == expected)
        #expect(try body("[[1, 2], [2, 3]]", "f.json", model) == expected)
        #expect(
            failure("day,y\n3,3\nx,1\n2,2\n", "f.csv", model)
                == "f.csv, line 3, column 'day': 'x' is neither a date nor a number, so the row has no place among the rows "
                + "of a series")
        #expect(
            failure(#"[{"day": 3, "y": 3}, {"y": 1}]"#, "f.json", model)
                == "f.json, row 2, column 'day': rows are put in order by it, but some have it and some do not")
    }

    @Test func saysWhatWasExpected() {
        #expect(
            failure("a,b\n1,red\n", "f.csv", numbers) == "f.csv, line 2: value 2: expected a number, got 'red'")
        #expect(
            failure("a,b\n1,red\n", "f.csv", numbers, dropping: ["c"])
                == "f.csv: no column 'c' to drop: its columns are 'a', 'b'")
        #expect(
            failure("a,b\n1,red\n", "f.csv", numbers, dropping: ["a"])
                .hasPrefix("f.csv: the model takes 2 columns, the file has 1;"))
        #expect(
            failure("[1, 2, 3]", "f.json", numbers)
                == "f.json: the array holds values that are in no row, the model takes 2: write each row as a list of its "
                + "values")
        #expect(
            failure("7", "f.json", numbers)
                == "f.json, row 1: expected an array of rows, or an object that is one row")
        #expect(
            failure("{}", "f.json", numbers)
                == "f.json, row 1: the values of the model have no names: give each row as a list in an array, or a request "
                + "with 'inputs' as the Open Inference Protocol has it")
        #expect(failure("[[1, 2], {}]", "f.json", numbers).contains("give each row as a list"))
        #expect(failure("a,b\r1,2\r3,4\r", "f.csv", numbers).hasPrefix("f.csv: lines end with a carriage return alone"))
        #expect(failure("a,b\n", "f.csv", numbers) == "f.csv: expected a header and at least one row")
        let missing = PredictionFile("/nowhere/f.csv")
        #expect(throws: DataFileError.unreadable(URL(filePath: "/nowhere/f.csv"), reason: "No such file or directory"))
        {
            try missing?.requests(for: numbers)
        }
    }

    /// A first line of numbers is a row, unless they count the columns as pandas does.
    @Test func aHeaderIsNoRow() throws {
        let refusal =
            "f.csv: the first line holds numbers, and would be passed over as a header: put a line with a name for each "
            + "column before it"
        for header in ["2,3", "0.5,1", "1,0", "0,0"] {
            #expect(failure("\(header)\n1,2\n", "f.csv", numbers) == refusal)
        }
        for header in ["0,1", "1,2", "a,1"] {
            #expect(
                try body("\(header)\n1,2\n", "f.csv", numbers)
                    == #"{"inputs":[{"data":[1,2],"datatype":"FP32","name":"input","shape":[1,1,2]}]}"#)
        }
    }

    @Test func whatIsReadIsNotDropped() {
        let model = ModelMetadata(
            name: "m",
            inputs: [.init(name: "input", datatype: "FP32", shape: [-1, 2], parameters: .init(columns: ["a", "b"]))])
        #expect(
            failure("a,b\n1,2\n", "f.csv", model, dropping: ["b"])
                == "f.csv: the model reads the column 'b', which --drop leaves out")
    }

    @Test func endings() {
        for name in ["f.csv", "f.CSV.gz", "f.ndjson", "f.txt.gz", "f.png", "f.JPEG"] {
            #expect(PredictionFile(name) != nil, "\(name)")
        }
        for name in ["f", "f.gz", "f.png.gz", "f.parquet", "-", "/dev/stdin"] {
            #expect(PredictionFile(name) == nil, "\(name)")
        }
    }

    /// The notations that Swift reads and training does not are refused alike.
    @Test(arguments: [
        ("nan", "expected a finite number, got 'nan'"), ("inf", "expected a finite number, got 'inf'"),
        ("1e400", "expected a finite number, got '1e400'"), ("0x1A", "expected a number, got '0x1A'"),
        ("", "a value is missing, expected a number"), ("NA", "a value is missing ('NA'), expected a number"),
        ("\u{A0}1", "expected a number, got '\u{A0}1'"),
    ])
    func numbersAreThoseOfTraining(cell: String, message: String) {
        let model = ModelMetadata(
            name: "m",
            inputs: [.init(name: "input", datatype: "FP32", shape: [-1, 2], parameters: .init(columns: ["a", "b"]))])
        #expect(failure("b,a\n1,2\n\(cell),3\n", "f.csv", model) == "f.csv, line 3, column 'b': \(message)")
    }

    /// In pieces that no queue refuses, in order, and what is said of a row is told of its line.
    @Test func longFilesAreManyRequests() throws {
        let table = "a,b\n" + (0..<600).map { "\($0),1\n" }.joined()
        let requests = try requests(table, "f.csv", numbers)
        try #require(requests.map(\.places.count) == [256, 256, 88])
        #expect(requests[1].places.first == "line 258")
        #expect(
            String(decoding: requests[2].body, as: UTF8.self).hasPrefix(#"{"inputs":[{"data":[512,1,513,1,"#))
        #expect(
            requests[1].located("input 'input', row 2: column 'a': expected one of 'x'", file: "f.csv")
                == "f.csv, line 259: column 'a': expected one of 'x'")
        #expect(
            requests[1].located("input 'input', row 1, value 2: expected a finite number", file: "f.csv")
                == "f.csv, line 258: value 2: expected a finite number")
        #expect(requests[1].located("the queue is full", file: "f.csv") == "the queue is full")
    }

    @Test func answersToPiecesAreOneAnswer() throws {
        func answer(_ version: String, _ rows: [Double]) -> Prediction {
            Prediction(
                modelName: "m", modelVersion: version,
                outputs: [
                    .init(name: "prediction", datatype: "FP32", shape: [rows.count, 1], data: rows.map { .number($0) })
                ])
        }
        var whole = answer("2", [1, 2])
        try whole.append(answer("2", [3]))
        #expect(whole == answer("2", [1, 2, 3]))
        #expect(throws: CommandFailure.self) { try whole.append(answer("3", [4])) }
    }

    @Test func aliasesAreAddressedAsVersionsAre() throws {
        func path(_ text: String) throws -> String { PredictCommand.path(of: try #require(VersionReference(text))) }
        #expect(try path("digits") == "/v2/models/digits")
        #expect(try path("digits:3") == "/v2/models/digits/versions/3")
        #expect(try path("digits@canary") == "/v2/models/digits/versions/canary")
        #expect(throws: Never.self) { try PredictCommand.parse(["digits@canary", "--input", "rows.jsonl.gz"]) }
    }

    @Test func showsOneLineARow() throws {
        let answer = """
            {"model_name":"digits","model_version":"2","outputs":[
              {"name":"logits","datatype":"FP32","shape":[2,2],"data":[0.5,1,2,0]},
              {"name":"probabilities","datatype":"FP32","shape":[2,2],"data":[0.25,0.75,0.9,0.1]},
              {"name":"label","datatype":"BYTES","shape":[2],"data":["1","0"]}]}
            """
        let prediction = try Prediction(answer: Array(answer.utf8))
        #expect(
            prediction.lines() == [
                "digits:2", "ROW  PROBABILITIES  LABEL", "  1         0.7500      1", "  2         0.9000      0",
            ])
    }

    /// Whatever answers at the address of a gateway.
    @Test(arguments: [
        ("[-1]", "[1]"), ("[9223372036854775807]", "[1]"), ("[9223372036854775807, 0]", "[]"), ("[2]", "[1]"),
        ("[3037000500, 3037000500]", "[1]"), ("[-1, -1]", "[1]"),
    ])
    func aShapeThatDoesNotFitIsRefused(shape: String, data: String) {
        let answer = """
            {"model_name":"m","outputs":[{"name":"prediction","datatype":"FP32","shape":\(shape),"data":\(data)}]}
            """
        let error = #expect(throws: CommandFailure.self) { try Prediction(answer: Array(answer.utf8)) }
        #expect(error?.description.contains("of 'prediction', which are none of the shape [") == true)
    }

    /// A request that is the file has no rows that are known.
    @Test func aRequestIsCutOnlyWhereThatHelps() {
        let request = PredictionRequest(body: [], places: ["line 1", "line 2", "line 3"])
        #expect([0, 1, 2, 3].map { request.rows(atMost: $0) } == [nil, 1, 2, nil])
        #expect(PredictionRequest(body: [], places: []).rows(atMost: 2) == nil)
    }

    @Test func aSeriesOfTextsIsNoText() {
        let series = ModelMetadata.Tensor(
            name: "input", datatype: "BYTES", shape: [-1, 3], parameters: .init(columns: ["kind"]))
        #expect(series.window == 3 && !series.takesTexts)
    }

    @Test func urlsAreTakenApart() throws {
        let target = try HTTPClient.Target("http://127.0.0.1:8080/v2/models/a%20b?x=1")
        #expect(target.host == "127.0.0.1")
        #expect(target.port == 8080)
        #expect(target.path == "/v2/models/a%20b?x=1")
        #expect(try HTTPClient.Target("http://gateway").path == "/")
        #expect(throws: CommandFailure.self) { try HTTPClient.Target("https://gateway") }
        #expect(throws: CommandFailure.self) { try HTTPClient.Target("gateway:80") }
    }
}

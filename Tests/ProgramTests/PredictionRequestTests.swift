import Datasets
import Foundation
import Testing

@testable import martlet

@Suite struct PredictionRequestTests {
    private let numbers = ModelMetadata(
        name: "digits", inputs: [.init(name: "input", datatype: "FP32", shape: [-1, 1, 2])])
    private let words = ModelMetadata(
        name: "irises", inputs: [.init(name: "input", datatype: "BYTES", shape: [-1, 2])])

    private func body(_ request: PredictionRequest) -> String { String(decoding: request.body, as: UTF8.self) }

    @Test func rowsBecomeTheOneInput() throws {
        let request = try PredictionRequest(json: Array("[[1, 2], [3, 4.5]]".utf8), model: numbers, file: "f")
        #expect(
            body(request) == #"{"inputs":[{"data":[1,2,3,4.5],"datatype":"FP32","name":"input","shape":[2,1,2]}]}"#)
    }

    @Test func aWholeRequestIsSentAsItIs() throws {
        let text = #"{ "id": "7", "inputs": [] }"#
        #expect(body(try PredictionRequest(json: Array(text.utf8), model: numbers, file: "f")) == text)
    }

    @Test func columnsBecomeRows() throws {
        let table = CSVTable(header: ["a", "target", "b"], rows: [.init(line: 2, cells: ["1", "x", " 2.5"])])
        let request = try PredictionRequest(table: table, dropping: ["target"], model: numbers, file: "f.csv")
        #expect(body(request) == #"{"inputs":[{"data":[1,2.5],"datatype":"FP32","name":"input","shape":[1,1,2]}]}"#)
        let text = try PredictionRequest(table: table, dropping: ["a"], model: words, file: "f.csv")
        #expect(body(text) == #"{"inputs":[{"data":["x"," 2.5"],"datatype":"BYTES","name":"input","shape":[1,2]}]}"#)
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
        #expect(body(request) == #"{"inputs":[{"data":[7,200],"datatype":"FP32","name":"input","shape":[1,1,1,2]}]}"#)
        let error = #expect(throws: CommandFailure.self) {
            try PredictionRequest(pictureFile: file.path, model: numbers(shape: [-1, 2]))
        }
        #expect(error?.description.contains("does not read pictures") == true)
        try Data("no picture".utf8).write(to: file)
        let damaged = #expect(throws: PictureError.self) {
            try PredictionRequest(pictureFile: file.path, model: numbers(shape: [-1, 1, 1, 2]))
        }
        #expect(damaged?.description == "\(file.path): it is neither a PNG nor a JPEG picture")
    }

    private func numbers(shape: [Int]) -> ModelMetadata {
        ModelMetadata(name: "digits", inputs: [.init(name: "input", datatype: "FP32", shape: shape)])
    }

    private let named = ModelMetadata(
        name: "irises",
        inputs: [
            .init(name: "input", datatype: "BYTES", shape: [-1, 2], parameters: .init(columns: ["size", "kind"]))
        ])

    /// By name, whatever the order and whatever else is there; what is missing is an empty text.
    @Test func columnsAreFoundByName() throws {
        let table = CSVTable(header: ["kind", "target", "size"], rows: [.init(line: 2, cells: ["red", "x", "2.5"])])
        let expected = #"{"inputs":[{"data":["2.5","red"],"datatype":"BYTES","name":"input","shape":[1,2]}]}"#
        #expect(body(try PredictionRequest(table: table, dropping: [], model: named, file: "f.csv")) == expected)
        let objects = #"[{"kind": "red", "size": "2.5", "more": 1}]"#
        #expect(body(try PredictionRequest(json: Array(objects.utf8), model: named, file: "f.json")) == expected)
        let gap = try PredictionRequest(json: Array(#"[{"kind": "red", "size": null}]"#.utf8), model: named, file: "f")
        #expect(body(gap).contains(#""data":["","red"]"#))
        let error = #expect(throws: CommandFailure.self) {
            try PredictionRequest(json: Array(#"[{"kind": "red"}]"#.utf8), model: named, file: "f.json")
        }
        #expect(error.map { "\($0)" } == "f.json, row 1 lacks 'size', which model 'irises' reads")
        let other = CSVTable(header: ["kind"], rows: [.init(line: 2, cells: ["red"])])
        let missing = #expect(throws: CommandFailure.self) {
            try PredictionRequest(table: other, dropping: [], model: named, file: "f.csv")
        }
        #expect(
            missing.map { "\($0)" }
                == "f.csv has no column 'size', which model 'irises' reads; its columns are kind")
    }

    @Test func linesOfTextAreRows() throws {
        let reader = ModelMetadata(
            name: "reviews",
            inputs: [.init(name: "input", datatype: "BYTES", shape: [-1, 1], parameters: .init(columns: ["text"]))])
        let request = try PredictionRequest(text: "good film\n\nbad\n", model: reader, file: "f.txt")
        #expect(
            body(request)
                == #"{"inputs":[{"data":["good film","bad"],"datatype":"BYTES","name":"input","shape":[2,1]}]}"#)
        #expect(throws: CommandFailure.self) { try PredictionRequest(text: "x", model: numbers, file: "f.txt") }
    }

    @Test func saysWhatWasExpected() throws {
        func failure(_ make: () throws -> PredictionRequest) -> String {
            do {
                _ = try make()
                return "none"
            } catch {
                return "\(error)"
            }
        }
        let table = CSVTable(header: ["a", "b"], rows: [.init(line: 2, cells: ["1", "red"])])
        #expect(
            failure { try PredictionRequest(table: table, dropping: [], model: numbers, file: "f.csv") }
                == "f.csv, line 2, column 'b': expected a number, not 'red'")
        #expect(
            failure { try PredictionRequest(table: table, dropping: ["c"], model: numbers, file: "f.csv") }
                == "f.csv has no column 'c' to drop; its columns are a, b")
        #expect(
            failure { try PredictionRequest(table: table, dropping: ["a"], model: numbers, file: "f.csv") }
                .hasPrefix("f.csv: model 'digits' takes 2 columns, the file has 1;"))
        #expect(
            failure { try PredictionRequest(json: Array("[1, 2, 3]".utf8), model: numbers, file: "f.json") }
                == "f.json holds 3 values; model 'digits' takes 2 for each row")
        #expect(
            failure { try PredictionRequest(json: Array("7".utf8), model: numbers, file: "f.json") }
                .hasPrefix("f.json: expected an array of rows"))
        #expect(
            failure { try PredictionRequest(json: Array("[1,".utf8), model: numbers, file: "f.json") }
                .hasPrefix("f.json is not JSON"))
    }

    @Test func showsOneLineARow() throws {
        let answer = """
            {"model_name":"digits","model_version":"2","outputs":[
              {"name":"logits","datatype":"FP32","shape":[2,2],"data":[0.5,1,2,0]},
              {"name":"probabilities","datatype":"FP32","shape":[2,2],"data":[0.25,0.75,0.9,0.1]},
              {"name":"label","datatype":"BYTES","shape":[2],"data":["1","0"]}]}
            """
        let prediction = try JSONDecoder().decode(Prediction.self, from: Data(answer.utf8))
        #expect(
            prediction.lines() == [
                "digits:2", "ROW  PROBABILITIES  LABEL", "  0         0.7500      1", "  1         0.9000      0",
            ])
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

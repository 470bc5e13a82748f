import Datasets
import Foundation
import Testing

@testable import martlet

/// What JSON may leave out, and what is said where too much is.
extension PredictionRequestTests {
    /// However short it is, a name in another case or with other separators is meant, and not one more field.
    @Test(arguments: [
        ("Age", "age"), ("AGE", "age"), ("x1", "X-1"), ("x_1", "X-1"), ("city name", "city_name"),
        ("CityName", "city_name"), ("P", "p"),
    ])
    func aNameInAnotherCaseIsRefused(name: String, meant: String) throws {
        let columns = ["age", "X-1", "city_name", "p[0]", "p[1]"]
        let model = ModelMetadata(
            name: "m",
            inputs: [.init(name: "input", datatype: "BYTES", shape: [-1, 5], parameters: .init(columns: columns))])
        let whole = #"{"age":1,"X-1":2,"city_name":3,"p":[4,5]}"#
        let other = whole.replacing("\"\(meant)\":", with: "\"\(name)\":")
        let message =
            "column '\(name)': the model has no such field: did you mean '\(meant)'? Where that is missing, give it as null"
        #expect(failure("[\(other)]", "f.json", model) == "f.json, row 1, \(message)")
        #expect(failure("\(whole)\n\(other)\n", "f.jsonl", model) == "f.jsonl, line 2, \(message)")
        // One more beside it is only passed over.
        let both = whole.replacing("}", with: ",\"\(name)\":9}")
        #expect(try body(both, "f.jsonl", model).contains(#""data":["1","2","3","4","5"]"#))
    }

    /// A field that some row gives, be it as null, may well be missing in others.
    @Test(arguments: [
        (#"[{"size":1},{"size":null,"more":2}]"#, "f.json", ["kind"]), (#"{"size":1}"#, "f.json", ["kind"]),
        ("{\"size\":1}\n{\"size\":2,\"more\":2}\n", "f.jsonl", ["kind"]),
        ("{}\n{}\n", "f.jsonl", ["size", "kind"]), (#"[{"size":1},{"kind":null}]"#, "f.json", [String]()),
        ("{\"size\":1}\n{\"kind\":null}\n", "f.jsonl", [String]()),
        (#"[[1,2],[3,4]]"#, "f.json", [String]()), ("size,kind\n,\n", "f.csv", [String]()),
    ])
    func whatNoRowHasIsTold(text: String, name: String, expected: [String]) throws {
        let folder = try ReadingFolder()
        let file = try #require(PredictionFile(try folder.write(Array(text.utf8), name)))
        var lacking: [String] = []
        _ = try file.requests(for: named) { lacking = $0 }
        #expect(lacking == expected)
    }

    @Test func theElementsOfAListAreThere() throws {
        let folder = try ReadingFolder()
        let file = try #require(PredictionFile(try folder.write(Array(#"{"p":[1,2]}"#.utf8), "f.jsonl")))
        let model = ModelMetadata(
            name: "m",
            inputs: [
                .init(name: "input", datatype: "BYTES", shape: [-1, 2], parameters: .init(columns: ["p[0]", "p[1]"]))
            ])
        var lacking: [String]?
        _ = try file.requests(for: model) { lacking = $0 }
        #expect(lacking == nil)
    }

    @Test func aNoteSaysWhatNoRowHas() {
        #expect(
            PredictCommand.note(ofLacking: ["age"], in: "f.json")
                == "f.json: no row has the field 'age', which the model reads: it was taken as missing in all rows")
        #expect(
            PredictCommand.note(ofLacking: (1...12).map { "x\($0)" }, in: "f.json")
                == "f.json: no row has the fields 'x1', 'x2', 'x3', 'x4', 'x5', 'x6', 'x7', 'x8', 'x9', 'x10' and 2 more, "
                + "which the model reads: they were taken as missing in all rows")
    }

    @Test func anObjectIsARow() throws {
        let expected = #"{"inputs":[{"data":["2.5","inputs"],"datatype":"BYTES","name":"input","shape":[1,2]}]}"#
        #expect(try body(" {\"kind\": \"inputs\",\n \"size\": 2.5}\n", "f.json", named) == expected)
        #expect(try body("\u{FEFF}" + #"{"kind": "inputs", "size": 2.5}"#, "f.json", named) == expected)
        #expect(try body(#"{"size": 2.5}"#, "f.json", named).contains(#""data":["2.5",""]"#))
        #expect(
            failure(#"{"instances": [[1, 2]]}"#, "f.json", named)
                == "f.json, row 1: the object has no field that the model reads: expected 'size', 'kind', an array of rows, "
                + "or a request with 'inputs' as the Open Inference Protocol has it")
        #expect(
            failure(#"{"size": 1}{"size": 2}"#, "f.json", named)
                == "f.json, row 1: text behind the object: write several rows as an array, or a line each as .jsonl")
        #expect(
            failure(#"{"size":30,"kind":"#, "f.json", named)
                == "f.json, row 1: the JSON ends early: expected the value of field 'kind'")
    }

    /// What a translation begins with may be left out, whatever the format is; a name that is nearly its own is meant.
    @Test func theTargetOfATranslationIsOptional() throws {
        var translator = ModelMetadata(
            name: "m",
            inputs: [
                .init(
                    name: "input", datatype: "BYTES", shape: [-1, 2], parameters: .init(columns: ["source", "target"]))
            ], outputs: [.init(name: "text"), .init(name: "logits")])
        for (text, name) in [
            ("id,source\n1,a b\n", "f.csv"), (#"[{"source":"a b"}]"#, "f.json"), (#"{"source":"a b"}"#, "f.jsonl"),
            (#"["a b"]"#, "f.json"), (#"[["a b"]]"#, "f.json"), (#"["a b"]"#, "f.jsonl"), (#""a b""#, "f.jsonl"),
            ("a b\n", "f.txt"), ("source,target\na b,\n", "f.csv"),
        ] {
            #expect(
                try body(text, name, translator)
                    == #"{"inputs":[{"data":["a b",""],"datatype":"BYTES","name":"input","shape":[1,2]}]}"#,
                "\(name): \(text)")
        }
        #expect(try body(#"["a b", "c"]"#, "f.json", translator).contains(#""data":["a b","c"]"#))
        #expect(try body("target,source\nc,a b\n", "f.csv", translator).contains(#""data":["a b","c"]"#))
        #expect(try body(#"[["a"],["b","c"]]"#, "f.json", translator).contains(#""data":["a","","b","c"]"#))
        #expect(
            failure("source,Target\na b,c\n", "f.csv", translator)
                == "f.csv: no column 'target', which the model reads: is it 'Target'? Where it is not, leave that out with "
                + "--drop")
        #expect(
            try body("source,Target\na b,c\n", "f.csv", translator, dropping: ["Target"])
                .contains(#""data":["a b",""]"#))
        #expect(failure("target\nc\n", "f.csv", translator).hasPrefix("f.csv: no column 'source', which the model"))
        // Two columns of texts are no translation.
        translator.outputs = [.init(name: "label")]
        #expect(failure("source\na b\n", "f.csv", translator).hasPrefix("f.csv: no column 'target', which the model"))
        #expect(failure(#"[["a b"]]"#, "f.json", translator).hasPrefix("f.json, row 1: 1 value, the model takes 2"))
    }

    /// What is not there is no string without quotes.
    @Test(arguments: [
        ("[1,", "row 2: the JSON ends early: expected a value"),
        ("[[1,2", "row 1: the JSON ends early: expected ',' or ']' in a list"),
        ("[[1,2]", "row 1: the JSON ends early: expected ',' or ']' behind the row"),
        ("[[1,2],]", "row 2: a value is missing between ',' and ']': write it there, or take the ',' away"),
        ("[[1,2 , ]]", "row 1: a value is missing between ',' and ']': write it there, or take the ',' away"),
        ("[[,1]]", "row 1: a value is missing before ','"),
        (#"[{"size":30,"kind":"#, "row 1: the JSON ends early: expected the value of field 'kind'"),
        (#"[{"size":30,"kind""#, "row 1: the JSON ends early: expected ':' behind the name 'kind'"),
        (#"[{"size":30,"#, "row 1: the JSON ends early: expected the name of a field"),
        (#"[{"size":30"#, "row 1: the JSON ends early: expected ',' or '}' behind a field"),
        (
            #"[{"size":30,}]"#,
            "row 1: the name of a field is missing between ',' and '}': write it there, or take the ',' away"
        ),
        (#"[{"size":}]"#, "row 1: the value of field 'size' is missing before '}'"),
        ("[[x,2]]", "row 1: a value is no JSON value: strings need quotes"),
    ])
    func whatIsMissingInJSONIsSaid(text: String, message: String) {
        #expect(failure(text, "f.json", named) == "f.json, \(message)")
    }
}

import Checkpoints
import Messaging
import Testing
import Wire

@testable import Gateway

@Suite struct InferRequestReaderTests {
    private func read(
        _ body: [UInt8], headerLength: Int? = nil, _ interface: ModelInterface = .numbers
    ) throws -> InferenceCall {
        try body.withUnsafeBytes { try InferRequestReader.read($0, headerLength: headerLength, interface: interface) }
    }

    private func read(_ json: String, _ interface: ModelInterface = .numbers) throws -> InferenceCall {
        try read(Array(json.utf8), interface)
    }

    private func read(_ body: [UInt8], _ interface: ModelInterface) throws -> InferenceCall {
        try read(body, headerLength: nil, interface)
    }

    private func request(shape: String = "[2,3]", datatype: String = "FP32", data: String) -> String {
        #"{"inputs":[{"name":"input","shape":\#(shape),"datatype":"\#(datatype)","data":\#(data)}]}"#
    }

    private func floats(_ call: InferenceCall) -> [Float] {
        call.frames[0].withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    }

    private func complaint(_ json: String, _ interface: ModelInterface = .numbers) -> String {
        do {
            _ = try read(json, interface)
            return ""
        } catch let failure as Failure where failure.code == .invalidArgument {
            return failure.message
        } catch {
            return "unexpected \(error)"
        }
    }

    @Test(arguments: [
        "[[1,2,3],[4,5.5,-6e-1]]", "[1,2,3,4,5.5,-0.6]", " [ [ 1 , 2 , 3 ] , [ 4 , 5.5 , -0.6 ] ] ",
    ])
    func nestedAndFlatData(data: String) throws {
        let call = try read(request(data: data))
        #expect(floats(call) == [1, 2, 3, 4, 5.5, -0.6])
        #expect(call.inputs == [TensorDescription(name: "input", datatype: .fp32, shape: [2, 3])])
        #expect(call.rows == 2)
    }

    @Test func deeplyNestedData() throws {
        let request = request(shape: "[2,1,2,2]", data: "[[[[1,2],[3,4]]],[[[5,6],[7,8]]]]")
        #expect(floats(try read(request, .images)) == [1, 2, 3, 4, 5, 6, 7, 8])
    }

    /// Every order of the keys means the same.
    @Test func dataMayComeFirst() throws {
        let json = #"{"id":"x","inputs":[{"data":[1,2,3],"datatype":"FP32","name":"input","shape":[1,3]}]}"#
        #expect(floats(try read(json)) == [1, 2, 3])
        #expect(try read(json).id == "x")
    }

    @Test func everythingElseInARequest() throws {
        let json = #"""
            {"id":"run \"7\"","parameters":{"timeout":2500,"binary_data_output":true,"other":[1,{"a":2}]},
             "inputs":[{"name":"input","shape":[1,3],"datatype":"FP32","parameters":{"x":1},"data":[0,0,0]}],
             "outputs":[{"name":"label","parameters":{"binary_data":false}},{"name":"logits"}],"unknown":null}
            """#
        let call = try read(json)
        #expect(call.id == "run \"7\"")
        #expect(call.timeout == .microseconds(2500))
        #expect(call.outputs.map(\.name) == ["label", "logits"])
        #expect(!call.isBinary(output: "label") && call.isBinary(output: "logits"))
    }

    /// Many encoders write null for what is not set.
    @Test(arguments: [
        #""id":null"#, #""parameters":null"#, #""outputs":null"#, #""id":null,"parameters":null,"outputs":null"#,
        #""parameters":{"timeout":null,"binary_data_output":null,"sequence_id":null}"#,
        #""outputs":[{"name":"label","parameters":null}]"#,
        #""outputs":[{"name":"label","parameters":{"binary_data":null,"classification": null}}]"#,
    ])
    func nullIsAsIfAbsent(member: String) throws {
        for parameters in ["null", "{}", #"{"binary_data_size":null}"#] {
            let input =
                #"{"name":"input","shape":[1,3],"datatype":"FP32","parameters":\#(parameters),"data":[1,2,3]}"#
            let call = try read(#"{\#(member),"inputs":[\#(input)]}"#)
            #expect(floats(call) == [1, 2, 3])
            #expect(call.id == nil && call.timeout == nil && !call.binaryOutputs)
            #expect(call.outputs.allSatisfy { $0.binary == nil })
        }
    }

    @Test func nullIsNoValue() {
        #expect(complaint(#"{"inputs":null}"#).contains("expected 'input'"))
        #expect(complaint(#"{"inputs":[null]}"#).contains("found null"))
        #expect(complaint(#"{"inputs":[{"name":null}]}"#).contains("the key \"name\" is missing"))
        #expect(complaint(request(shape: "null", data: "[1]")).contains("the key \"shape\" is missing"))
        #expect(complaint(request(data: "null")).contains("the key \"data\" is missing"))
        #expect(complaint(#"{"id":nul}"#).contains("the id in quotes"))
    }

    @Test(
        arguments: [
            ("BOOL", "[true,false,1]", [1, 0, 1]), ("UINT8", "[0,255,7]", [0, 255, 7]),
            ("INT8", "[-128,127,-0]", [-128, 127, 0]),
            ("INT64", "[16777216,-16777216,33554432]", [16_777_216, -16_777_216, 33_554_432]),
            (
                "UINT64", "[18446744073709551615,0,1]".replacing("18446744073709551615", with: "9223372036854775808"),
                [0x1p63, 0, 1]
            ),
            ("FP64", "[0.5,1e10,-3]", [0.5, 1e10, -3]), ("FP16", "[0.5,1,2]", [0.5, 1, 2]),
        ] as [(String, String, [Float])])
    func convertsOtherDatatypes(datatype: String, data: String, expected: [Float]) throws {
        #expect(floats(try read(request(shape: "[1,3]", datatype: datatype, data: data))) == expected)
    }

    @Test(arguments: [
        ("INT64", "[1,2,16777217]", "16777217 has no exact FP32"),
        ("FP64", "[1,2,0.1]", "0.1 has no exact FP32, which the model takes; send FP32"),
        ("FP64", "[1,2,16777217]", "16777217 has no exact FP32"), ("FP64", "[1,2,1e39]", "1e39 has no exact FP32"),
        ("FP64", "[1,2,1e999]", "1e999 has no exact FP32"),
        ("UINT8", "[1,2,256]", "256 is not a value of UINT8"),
        ("INT8", "[1,2,128]", "128 is not a value of INT8"), ("UINT16", "[1,2,-1]", "-1 is not a value of UINT16"),
        ("INT32", "[1,2,2.5]", "2.5 is not a value of INT32"), ("FP32", "[1,2,1e39]", "beyond the range of FP32"),
        ("FP32", "[1,2,NaN]", "NaN, which is not a JSON number"), ("FP32", "[1,2,-Infinity]", "-Infinity"),
        ("FP32", #"[1,2,"3"]"#, "expected a number"), ("FP32", "[1,2,true]", "expected a number"),
        ("FP32", "[1,2,null]", "expected a number, found null"), ("BOOL", "[true,false,2]", "true or false"),
        ("BOOL", "[true,false,10]", "true or false"),
        ("BYTES", #"["a","b","c"]"#, "expected datatype FP32, got BYTES"), ("FP8", "[1,2,3]", "unknown datatype 'FP8'"),
    ])
    func refusesValuesThatDoNotFit(datatype: String, data: String, message: String) {
        #expect(complaint(request(shape: "[1,3]", datatype: datatype, data: data)).contains(message))
    }

    /// Wherever a value is wrong, the input it is of is named.
    @Test(arguments: [
        ("FP32", #"[1,"x"]"#, "input 'input': JSON, byte 69: expected a number, found '\"'"),
        (
            "UINT64", "[1,2,18446744073709551616]",
            "input 'input': JSON, byte 73: 18446744073709551616 is not a value of UINT64"
        ),
        (
            "INT64", "[9223372036854775808,2,3]",
            "input 'input': JSON, byte 68: 9223372036854775808 is not a value of INT64"
        ),
        ("FP32", "[1,2]", "input 'input': expected data of shape [1, 3], flat (3 values) or nested so;"),
    ])
    func namesTheInput(datatype: String, data: String, message: String) {
        let complaint = complaint(request(shape: "[1,3]", datatype: datatype, data: data))
        #expect(complaint.hasPrefix(message), "\(complaint)")
    }

    /// Values come once, and not in memory that the gateway cannot see.
    @Test func whereValuesAre() {
        func input(_ parameters: String, _ rest: String = "") -> String {
            #"{"inputs":[{"name":"input","shape":[1,3],"datatype":"FP32","parameters":{\#(parameters)}\#(rest)}]}"#
        }
        let both = "inputs[0]: expected \"data\" or the parameter binary_data_size, found both: send the values once"
        #expect(complaint(input(#""binary_data_size":12"#, #","data":[1,2,3]"#)) == both)
        let early = #"{"inputs":[{"data":[1,2,3],"name":"input","shape":[1,3],"datatype":"FP32","#
        #expect(complaint(early + #""parameters":{"binary_data_size":0}}]}"#) == both)
        let region =
            "shared_memory_region: tensors in shared memory are not offered here: send them as JSON or binary data"
        #expect(complaint(input(#""shared_memory_region":"r""#)) == "inputs[0]: " + region)
        let output = #"{"outputs":[{"name":"label","parameters":{"shared_memory_region":"r"}}],"inputs":[]}"#
        #expect(complaint(output) == "outputs[0]: " + region)
    }

    @Test(arguments: [
        "[]", "[[]]", "[1,2,3,4,5]", "[1,2,3,4,5,6,7]", "[[1,2,3],[4,5]]", "[[1,2],[3,4],[5,6]]", "[[1,2,3,4,5,6]]",
        "[[1,2,3,4],[5,6]]", "[1,2,3,[4,5,6]]", "[[1,2,3],4,5,6]", "[[[1,2,3]],[[4,5,6]]]", "[[1,2,3],[4,5,6],[]]",
        "[[1,2,3],[4,5,6],[7,8,9]]", "1",
        "{}",
        "[1,2,3,4,5,6", "[1,2,3,4,5,]", "[[1,2,3],[4,5,6]]]", "null",
    ])
    func refusesDataOfAnotherShape(data: String) {
        #expect(!complaint(request(data: data)).isEmpty)
        let late = #"{"inputs":[{"data":\#(data),"name":"input","shape":[2,3],"datatype":"FP32"}]}"#
        #expect(!complaint(late).isEmpty)
    }

    @Test(arguments: [
        ("[0,3]", "the batch is empty"), ("[3]", "expected shape [-1, 3]"),
        ("[1,4]", "expected shape [-1, 3] (-1: any), got [1, 4]"),
        ("[-1,3]", "-1 in shape [-1, 3] is no size"), ("[1,-3]", "-3 in shape [1, -3] is no size"),
        ("[-9223372036854775808,3]", "is no size"), ("[]", "expected shape"), ("[1,3,1]", "expected shape"),
        ("[4611686018427387904,3]", "more elements than a request"),
        ("[2.5,3]", "a dimension, an integer, found 2.5"),
        ("[99999999999999999999,3]", "a dimension, an integer, found 99999999999999999999, which is beyond 64 bits"),
        ("[1,1,1,1,1,1,1,1,1]", "at most 8 dimensions"), ("3", "'[' to begin the shape"),
    ])
    func refusesOtherShapes(shape: String, message: String) {
        #expect(complaint(request(shape: shape, data: "[1,2,3]")).contains(message))
    }

    @Test(arguments: [
        ("{}", "expected 'input' of FP32, shape [-1, 3] (-1: any); it is missing"), ("", "'{' to begin the request"),
        ("[]", "'{' to begin the request"), (#"{"inputs":[]}"#, "it is missing"),
        (
            #"{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2,3]}]}"#,
            "no input 'x': expected 'input'"
        ),
        (#"{"inputs":[{"shape":[1,3],"datatype":"FP32","data":[1,2,3]}]}"#, "\"name\" is missing"),
        (#"{"inputs":[{"name":"input","datatype":"FP32","data":[1,2,3]}]}"#, "\"shape\" is missing"),
        (#"{"inputs":[{"name":"input","shape":[1,3],"data":[1,2,3]}]}"#, "\"datatype\" is missing"),
        (#"{"inputs":[{"name":"input","shape":[1,3],"datatype":"FP32"}]}"#, "\"data\" is missing"),
        (#"{"inputs":[{}]}"#, "\"name\" is missing"),
        (#"{"inputs":[{},{}]}"#, "the model takes 1, the request has more"),
        (#"{"parameters":{"timeout":-1},"inputs":[]}"#, "timeout"),
        (#"{"parameters":{"timeout":"soon"},"inputs":[]}"#, "timeout in microseconds"),
        (#"{"parameters":{"sequence_id":4},"inputs":[]}"#, "sequences are not supported"),
        (#"{"outputs":[{"name":"weights"}],"inputs":[]}"#, "no output 'weights'"),
        (#"{"outputs":[{"name":"label"},{"name":"label"}],"inputs":[]}"#, "asked for twice"),
        (#"{"outputs":[{"name":"label","parameters":{"classification":3}}]}"#, "classification is not supported"),
        (#"{"inputs":[],"inputs":[]}"#, "JSON, byte 13: expected \"inputs\" only once in the request"),
        (#"{"id":"a","id":"b"}"#, "\"id\" only once"), (#"{"id":null,"id":"b"}"#, "\"id\" only once"),
        (#"{"outputs":[],"outputs":[]}"#, "\"outputs\" only once"),
        (#"{"parameters":{},"parameters":{}}"#, "\"parameters\" only once"),
        (#"{"parameters":{"timeout":1,"timeout":2}}"#, "\"timeout\" only once in parameters"),
        (#"{"outputs":[{"name":"label","name":"logits"}]}"#, "\"name\" only once in outputs[0]"),
        (
            #"{"outputs":[{"name":"label","parameters":{"binary_data":true,"binary_data":false}}]}"#,
            "\"binary_data\" only once"
        ),
        (#"{"inputs":[{"name":"input","shape":[1,3],"shape":[3,1]}]}"#, "\"shape\" only once in inputs[0]"),
        (#"{"inputs":[{"name":"input","name":"b"}]}"#, "\"name\" only once in inputs[0]"),
        (#"{"inputs":[{"data":[1],"data":[2]}]}"#, "\"data\" only once in inputs[0]"),
        (#"{"inputs":[{"datatype":"FP32","datatype":"FP32"}]}"#, "\"datatype\" only once"),
        (#"{"inputs":[{"parameters":{"binary_data_size":1,"binary_data_size":1}}]}"#, "\"binary_data_size\" only once"),
    ])
    func saysWhatIsMissingOrWrong(json: String, message: String) {
        #expect(complaint(json).contains(message), "\(complaint(json))")
    }

    @Test func cellsOfATable() throws {
        let json =
            #"{"inputs":[{"name":"input","shape":[2,2],"datatype":"BYTES","data":[["red",1.50],["grün","-2"]]}]}"#
        let call = try read(json, .cells)
        let expected = ["red", "1.50", "grün", "-2"].flatMap { text -> [UInt8] in
            [UInt8(text.utf8.count), 0, 0, 0] + Array(text.utf8)
        }
        #expect(call.frames[0].bytes == expected)
        let numbers = #"{"inputs":[{"name":"input","shape":[1,2],"datatype":"FP32","data":[1,2]}]}"#
        #expect(complaint(numbers, .cells) == "input 'input': expected datatype BYTES, got FP32")
    }

    /// As in the lines of JSON that a model is trained on.
    @Test func booleansAndNullsAreCells() throws {
        func cells(_ data: String) throws -> [UInt8] {
            try read(
                #"{"inputs":[{"name":"input","shape":[2,2],"datatype":"BYTES","data":\#(data)}]}"#, .cells
            ).frames[0].bytes
        }
        #expect(try cells("[true,false,null,1]") == cells(#"["true","false","","1"]"#))
        for data in ["[truth,1,2,3]", "[nil,1,2,3]", "[[true,1],[null,{}]]"] {
            #expect(throws: Failure.self) { try cells(data) }
        }
    }

    // MARK: Binary tensors

    private func binary(
        _ datatype: String, shape: String = "[1,3]", size: Int? = nil, _ tensor: [UInt8]
    ) -> (body: [UInt8], header: Int) {
        let json = #"""
            {"inputs":[{"name":"input","shape":\#(shape),"datatype":"\#(datatype)",
            "parameters":{"binary_data_size":\#(size ?? tensor.count)}}]}
            """#
        return (Array(json.utf8) + tensor, json.utf8.count)
    }

    private func little<Value>(_ values: [Value]) -> [UInt8] { values.withUnsafeBytes(Array.init) }

    @Test func binaryTensorsOfEveryDatatype() throws {
        let tensors: [(String, [UInt8], [Float])] = [
            ("FP32", little([1.5, -2, 3] as [Float]), [1.5, -2, 3]), ("FP64", little([0.5, 2, -3]), [0.5, 2, -3]),
            ("FP16", little([0x3c00, 0xc000, 0x3555] as [UInt16]), [1, -2, 0.333251953125]),
            ("BOOL", [1, 0, 1], [1, 0, 1]), ("UINT8", [0, 200, 255], [0, 200, 255]),
            ("INT8", [0x80, 1, 0xff], [-128, 1, -1]),
            ("UINT16", little([1, 2, 65535] as [UInt16]), [1, 2, 65535]),
            ("INT16", little([-1, 2, 3] as [Int16]), [-1, 2, 3]),
            ("UINT32", little([1, 2, 1 << 31] as [UInt32]), [1, 2, 0x1p31]),
            ("INT32", little([-5, 2, 3] as [Int32]), [-5, 2, 3]),
            ("UINT64", little([1, 2, 1 << 63] as [UInt64]), [1, 2, 0x1p63]),
            ("INT64", little([-7, 2, 3]), [-7, 2, 3]),
        ]
        for (datatype, tensor, expected) in tensors {
            let (body, header) = binary(datatype, tensor)
            #expect(floats(try read(body, headerLength: header)) == expected, "\(datatype)")
        }
    }

    @Test func refusesBrokenBinaryTensors() {
        func complain(_ request: (body: [UInt8], header: Int), header: Int? = nil) -> String {
            do {
                _ = try read(request.body, headerLength: header ?? request.header)
                return ""
            } catch { return "\(error)" }
        }
        let floats = little([1, 2, 3] as [Float])
        #expect(complain(binary("FP32", floats + [0])).contains("takes 12 bytes, binary_data_size is 13"))
        #expect(complain(binary("FP32", size: 16, floats)).contains("12 bytes are left"))
        #expect(complain(binary("FP32", size: 8, floats)).contains("takes 12 bytes"))
        #expect(complain(binary("FP32", size: -1, floats)).contains("must not be negative"))
        #expect(complain(binary("FP32", little([1, .nan, 3] as [Float]))).contains("got nan at index 1"))
        #expect(complain(binary("FP64", little([1, 1e300, 3]))).contains("index 1"))
        #expect(complain(binary("FP64", little([1, 0.1, 3]))).contains("0.1 at index 1 has no exact FP32"))
        #expect(complain(binary("FP64", little([1, .infinity, 3]))).contains("got inf at index 1"))
        #expect(
            complain(binary("FP16", little([0x3c00, 0x7c00, 0x3c00] as [UInt16])))
                .contains("expected finite FP16 values, got inf at index 1"))
        #expect(complain(binary("INT64", little([1, 2, 16_777_217]))).contains("no exact FP32"))
        #expect(complain(binary("BOOL", [1, 2, 0])).contains("index 1"))
        #expect(complain(binary("FP32", floats), header: 5000).contains("Inference-Header-Content-Length is 5000"))
        #expect(complain(binary("FP32", floats), header: -1).contains("Inference-Header-Content-Length"))
        #expect(!complain(binary("FP32", floats), header: 10).isEmpty)
        let json = Array(request(shape: "[1,3]", data: "[1,2,3]").utf8)
        #expect(complain((json + [1, 2], json.count)).contains("2 bytes behind the JSON"))
    }

    @Test func binaryStrings() throws {
        func read(_ tensor: [UInt8]) throws -> InferenceCall {
            let (body, header) = binary("BYTES", shape: "[1,2]", tensor)
            return try self.read(body, headerLength: header, .cells)
        }
        let good: [UInt8] = [3, 0, 0, 0] + Array("red".utf8) + [1, 0, 0, 0] + Array("7".utf8)
        #expect(try read(good).frames[0].bytes == good)
        for bad in [
            Array(good.dropLast()), good + [0, 0, 0, 0], [], [3, 0, 0], [255, 255, 255, 255, 1],
            [1, 0, 0, 0, 0xff, 0, 0, 0, 0],
        ] {
            #expect(throws: Failure.self) { try read(bad) }
        }
    }

    // MARK: Fuzzing

    /// Requests changed at random places are answered or refused; nothing traps, hangs or reads beyond the body. The
    /// body has an allocation of its own so that sanitizers see any such read.
    @Test func survivesAnything() {
        let seeds = [
            Array(request(data: "[[1,2.5e-3,3],[4,5,-6]]").utf8),
            Array(
                #"""
                {"id":"a\u00e9","parameters":{"timeout":5,"a":[{}]},
                "outputs":[{"name":"label","parameters":{"binary_data":true}}],
                "inputs":[{"data":[[1,2,3]],"datatype":"INT16","shape":[1,3],"name":"input"}]}
                """#.utf8),
            binary("FP32", little([1, 2, 3] as [Float])).body,
        ]
        let tokens = [
            "[", "]", "{", "}", ",", ":", "\"", "\\u", "\\", "1e999", "-", "0", "9999999999999999999999", "null", "e",
            ".", "\u{0}", "é",
        ].map { Array($0.utf8) }
        var random = SplitMix(state: 99)
        var accepted = 0
        for round in 0..<60_000 {
            var body = seeds[round % seeds.count]
            for _ in 0..<Int.random(in: 0...4, using: &random) where !body.isEmpty {
                let place = Int.random(in: body.indices, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: body[place] = UInt8.random(in: 0...255, using: &random)
                case 1: body.remove(at: place)
                case 2: body.insert(contentsOf: tokens.randomElement(using: &random)!, at: place)
                case 3: body.removeSubrange(place..<min(body.count, place + Int.random(in: 1...20, using: &random)))
                default: body.insert(contentsOf: body[place..<min(body.count, place + 9)], at: place)
                }
            }
            let header = round % 3 == 2 ? Int.random(in: -1...(body.count + 1), using: &random) : nil
            do {
                let call = try read(body, headerLength: header)
                #expect(call.frames.count == 1 && call.frames[0].count == call.rows * 12)
                accepted += 1
            } catch {
                #expect(error is Failure)
            }
        }
        #expect(accepted > 5000, "most changes must not be such that nothing is left to read")
    }
}

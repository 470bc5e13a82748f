import Checkpoints
import Messaging
import Wire

/// Reads the body of an Open Inference Protocol v2 `infer` request, JSON alone or with binary tensors behind it.
///
/// One pass: where name, shape and datatype come before the data, as every known client writes them, numbers go
/// straight from the text into the tensor. Data that comes first is checked and skipped, and read at the end.
struct InferRequestReader {
    let interface: ModelInterface
    let body: UnsafeRawBufferPointer
    /// Bytes of JSON at the front; the rest is binary tensors in the order of the inputs.
    let headerLength: Int

    private var call = InferenceCall()
    private var inputs: [PendingInput] = []

    /// `headerLength` is the value of `Inference-Header-Content-Length`; nil where the body is JSON alone.
    static func read(
        _ body: UnsafeRawBufferPointer, headerLength: Int? = nil, interface: ModelInterface
    ) throws(Failure) -> InferenceCall {
        if let headerLength, !(0...body.count).contains(headerLength) {
            throw Failure(
                .invalidArgument,
                "Inference-Header-Content-Length is \(headerLength), but the body has \(body.count) bytes")
        }
        var reader = InferRequestReader(
            interface: interface, body: body, headerLength: headerLength ?? body.count)
        return try reader.read()
    }

    private init(interface: ModelInterface, body: UnsafeRawBufferPointer, headerLength: Int) {
        self.interface = interface
        self.body = body
        self.headerLength = headerLength
    }

    private mutating func read() throws(Failure) -> InferenceCall {
        var cursor = JSONCursor(UnsafeRawBufferPointer(rebasing: body[..<headerLength]))
        try cursor.object("the request", known: ["id", "parameters", "inputs", "outputs"]) {
            cursor, key throws(Failure) in
            switch key {
            case "id": call.id = try cursor.string("the id in quotes")
            case "parameters": try readParameters(&cursor)
            case "inputs": try readInputs(&cursor)
            case "outputs": try readOutputs(&cursor)
            default: try cursor.skipValue()
            }
        }
        try cursor.finish()
        try assembleInputs()
        return call
    }

    private mutating func readParameters(_ cursor: inout JSONCursor) throws(Failure) {
        try cursor.object("parameters", known: ["timeout", "binary_data_output"]) { cursor, key throws(Failure) in
            switch key {
            case "timeout":
                let microseconds = try cursor.integer("the timeout in microseconds, an integer")
                guard microseconds >= 0 else {
                    throw Failure(
                        .invalidArgument, "parameters.timeout: expected microseconds from 0, got \(microseconds)")
                }
                call.timeout = .microseconds(microseconds)
            case "binary_data_output": call.binaryOutputs = try cursor.boolean("binary_data_output")
            case "sequence_id", "sequence_start", "sequence_end":
                throw Failure(
                    .invalidArgument, "parameters.\(key): sequences are not supported; send each row on its own")
            default: try cursor.skipValue()
            }
        }
    }

    private mutating func readInputs(_ cursor: inout JSONCursor) throws(Failure) {
        try cursor.array("inputs") { cursor, index throws(Failure) in
            guard index < interface.inputs.count else {
                throw Failure(
                    .invalidArgument, "inputs: the model takes \(interface.inputs.count), the request has more")
            }
            inputs.append(try PendingInput(&cursor, index, interface, byteLimit: body.count))
        }
    }

    private mutating func readOutputs(_ cursor: inout JSONCursor) throws(Failure) {
        try cursor.array("outputs") { cursor, index throws(Failure) in
            var name: String?
            var binary: Bool?
            try cursor.object("outputs[\(index)]", known: ["name", "parameters"]) { cursor, key throws(Failure) in
                switch key {
                case "name": name = try cursor.string("the output's name in quotes")
                case "parameters": binary = try Self.outputParameters(&cursor, index)
                default: try cursor.skipValue()
                }
            }
            guard let name else { throw Failure(.invalidArgument, "outputs[\(index)]: the key \"name\" is missing") }
            guard interface.outputs.contains(where: { $0.name == name }) else {
                let names = interface.outputs.map { "'\($0.name)'" }.joined(separator: ", ")
                throw Failure(.invalidArgument, "the model has no output '\(name)': expected \(names)")
            }
            guard !call.outputs.contains(where: { $0.name == name }) else {
                throw Failure(.invalidArgument, "outputs: '\(name)' is asked for twice")
            }
            call.outputs.append(InferenceCall.Output(name: name, binary: binary))
        }
    }

    /// Passes over a parameter that means nothing here, but not over one that says where the values are.
    static func skipParameter(_ cursor: inout JSONCursor, _ key: String, of what: String) throws(Failure) {
        guard !key.hasPrefix("shared_memory_") else {
            throw Failure(
                .invalidArgument,
                "\(what): \(key): tensors in shared memory are not offered here: send them as JSON or binary data")
        }
        try cursor.skipValue()
    }

    private static func outputParameters(_ cursor: inout JSONCursor, _ index: Int) throws(Failure) -> Bool? {
        var binary: Bool?
        try cursor.object("the output's parameters", known: ["binary_data", "classification"]) {
            cursor, key throws(Failure) in
            switch key {
            case "binary_data": binary = try cursor.boolean("binary_data")
            case "classification":
                guard try cursor.integer("classification, an integer") == 0 else {
                    throw Failure(
                        .invalidArgument, "outputs: classification is not supported; ask for the output 'label'")
                }
            default: try skipParameter(&cursor, key, of: "outputs[\(index)]")
            }
        }
        return binary
    }

    /// Gives every input its frame: from the JSON, or from the bytes behind it in order.
    private mutating func assembleInputs() throws(Failure) {
        var offset = headerLength
        for input in inputs {
            let expected = try input.expectation(interface, byteLimit: body.count)
            guard !call.inputs.contains(where: { $0.name == expected.name }) else {
                throw Failure(.invalidArgument, "inputs: '\(expected.name)' is given twice")
            }
            if let size = input.binarySize {
                guard size <= body.count - offset else {
                    throw Failure(
                        .invalidArgument,
                        """
                        input '\(expected.name)': binary_data_size is \(size), but \(body.count - offset) bytes are \
                        left behind the JSON and the inputs before it
                        """)
                }
                let bytes = UnsafeRawBufferPointer(rebasing: body[offset..<(offset + size)])
                call.frames.append(try BinaryTensor.frame(bytes, expected))
                offset += size
            } else {
                call.frames.append(try input.frame(expected, body))
            }
            call.inputs.append(
                TensorDescription(name: expected.name, datatype: expected.wanted, shape: expected.shape))
        }
        guard offset == body.count else {
            throw Failure(
                .invalidArgument, "\(body.count - offset) bytes behind the JSON belong to no input's binary_data_size")
        }
        for input in interface.inputs where !call.inputs.contains(where: { $0.name == input.name }) {
            throw Failure(
                .invalidArgument,
                "inputs: expected '\(input.name)' of \(input.datatype), shape \(input.shape) (-1: any); it is missing")
        }
    }
}

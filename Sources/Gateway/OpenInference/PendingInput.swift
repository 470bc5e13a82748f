import Checkpoints
import Messaging
import Wire

/// One element of a request's `inputs` as far as it is read.
struct PendingInput {
    private let index: Int
    private var name: String?
    private var shape: [Int]?
    private var datatype: String?
    private(set) var binarySize: Int?
    /// Where data stands that came before its shape.
    private var dataPosition: Int?
    private var readFrame: Frame?

    init(
        _ cursor: inout JSONCursor, _ index: Int, _ interface: ModelInterface, byteLimit: Int
    ) throws(Failure) {
        self.index = index
        try cursor.object(
            "inputs[\(index)]", known: ["name", "datatype", "shape", "parameters", "data"]
        ) { cursor, key throws(Failure) in
            switch key {
            case "name": name = try cursor.string("the input's name in quotes")
            case "datatype": datatype = try cursor.string("the datatype in quotes")
            case "shape": shape = try Self.shape(&cursor)
            case "parameters": try readParameters(&cursor)
            case "data":
                if name != nil, shape != nil, datatype != nil {
                    readFrame = try cursor.tensor(try expectation(interface, byteLimit: byteLimit))
                } else {
                    dataPosition = cursor.position
                    try cursor.skipValue()
                }
            default: try cursor.skipValue()
            }
        }
        guard binarySize == nil || (dataPosition == nil && readFrame == nil) else {
            throw Failure(
                .invalidArgument,
                "inputs[\(index)]: expected \"data\" or the parameter binary_data_size, found both: send the values once"
            )
        }
    }

    func expectation(_ interface: ModelInterface, byteLimit: Int) throws(Failure) -> InputExpectation {
        guard let name else { throw missing("name") }
        guard let shape else { throw missing("shape") }
        guard let datatype else { throw missing("datatype") }
        return try InputExpectation(
            name: name, shape: shape, datatype: datatype, interface: interface, byteLimit: byteLimit)
    }

    /// The tensor from the JSON, now that all is known about it.
    func frame(_ expected: InputExpectation, _ body: UnsafeRawBufferPointer) throws(Failure) -> Frame {
        if let readFrame { return readFrame }
        guard let dataPosition else { throw missing("data") }
        var cursor = JSONCursor(body)
        cursor.position = dataPosition
        return try cursor.tensor(expected)
    }

    private mutating func readParameters(_ cursor: inout JSONCursor) throws(Failure) {
        try cursor.object("inputs[\(index)].parameters", known: ["binary_data_size"]) { cursor, key throws(Failure) in
            guard key == "binary_data_size" else {
                return try InferRequestReader.skipParameter(&cursor, key, of: "inputs[\(index)]")
            }
            let size = try cursor.integer("binary_data_size, an integer")
            guard size >= 0 else {
                throw Failure(.invalidArgument, "inputs[\(index)]: binary_data_size must not be negative, got \(size)")
            }
            binarySize = size
        }
    }

    private static func shape(_ cursor: inout JSONCursor) throws(Failure) -> [Int] {
        var shape: [Int] = []
        try cursor.array("the shape") { cursor, index throws(Failure) in
            guard index < InputExpectation.maximumRank else {
                throw cursor.unexpected("at most \(InputExpectation.maximumRank) dimensions")
            }
            let dimension = try cursor.integer("a dimension, an integer")
            shape.append(dimension)
        }
        return shape
    }

    private func missing(_ key: String) -> Failure {
        Failure(.invalidArgument, "inputs[\(index)]: the key \"\(key)\" is missing")
    }
}

import Checkpoints
import Wire

/// What one input of a request must be, known once its name, shape and datatype are read.
struct InputExpectation {
    /// Dimensions of a tensor; no model here has more than four.
    static let maximumRank = 8

    var name: String
    var shape: [Int]
    /// What the caller says the values are.
    var given: Datatype
    /// What the model takes: FP32 or BYTES.
    var wanted: Datatype
    /// Elements of the tensor.
    var count: Int

    /// Checks a tensor's name, shape and datatype against the model's interface. `byteLimit` bounds the elements: each
    /// needs at least one byte of the request.
    init(name: String, shape: [Int], datatype: String, interface: ModelInterface, byteLimit: Int) throws(Failure) {
        guard let input = interface.inputs.first(where: { $0.name == name }) else {
            let names = interface.inputs.map { "'\($0.name)'" }.joined(separator: ", ")
            throw Failure(.invalidArgument, "the model has no input '\(name)': expected \(names)")
        }
        guard let given = Datatype(rawValue: datatype) else {
            let names = Datatype.allCases.map(\.rawValue).joined(separator: ", ")
            throw Failure(.invalidArgument, "input '\(name)': unknown datatype '\(datatype)', expected one of \(names)")
        }
        guard let wanted = Datatype(rawValue: input.datatype), wanted == .fp32 || wanted == .bytes else {
            throw Failure(.internal, "input '\(name)': the gateway cannot make \(input.datatype) tensors")
        }
        guard (given == .bytes) == (wanted == .bytes) else {
            throw Failure(.invalidArgument, "input '\(name)': expected datatype \(wanted.rawValue), got \(datatype)")
        }
        if let negative = shape.first(where: { $0 < 0 }) {
            throw Failure(
                .invalidArgument,
                """
                input '\(name)': \(negative) in shape \(shape) is no size: a request says how many rows it has (the -1 \
                in a model's metadata means any number)
                """)
        }
        let fits = shape.count == input.shape.count && zip(shape, input.shape).allSatisfy { $1 == -1 || $0 == $1 }
        guard fits else {
            throw Failure(
                .invalidArgument, "input '\(name)': expected shape \(input.shape) (-1: any), got \(shape)")
        }
        guard let rows = shape.first, rows > 0 else {
            throw Failure(.invalidArgument, "input '\(name)': the batch is empty, expected at least one row")
        }
        var count = 1
        for dimension in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
            guard dimension >= 0, !overflow, product <= byteLimit else {
                throw Failure(
                    .invalidArgument,
                    "input '\(name)': shape \(shape) has more elements than a request of \(byteLimit) bytes can hold")
            }
            count = product
        }
        self.name = name
        self.shape = shape
        self.given = given
        self.wanted = wanted
        self.count = count
    }
}

import Tensors

/// One call of a model with symbolic values, and the graph that comes of it.
///
/// What does not fit is not thrown where it happens, so that models read like arithmetic: the first problem is kept,
/// the operation gives back a value that it was given, and nothing is added from then on.
final class Trace {
    private var builder: NetworkBuilder?
    private let names: LayerNames
    private var problem: ModelError?
    /// The shape that each layer was first called on.
    private var calls: [String: [Int]] = [:]
    /// Results that nothing has used so far, with what gave them.
    private var unused: [Graph.Value: String] = [:]
    private let input: Graph.Value

    private init(_ names: LayerNames, input shape: Shape) {
        self.names = names
        let builder = NetworkBuilder(
            input: shape, frozen: NamePatterns(patterns: []), initialization: WeightInitialization(.standard))
        input = builder.value
        self.builder = consume builder
    }

    /// The graph of a model for rows of this shape, and the layers that it calls.
    static func graph(
        of model: some Model, input shape: Shape
    ) throws(ModelError) -> (graph: Graph, layers: [LayerTrace]) {
        let trace = Trace(LayerNames(of: model), input: shape)
        let result = model(Value(trace: trace, value: trace.input))
        return try trace.build(result)
    }

    private func build(_ result: Value) throws(ModelError) -> (graph: Graph, layers: [LayerTrace]) {
        if let problem { throw problem }
        guard result.trace === self, var builder = builder.take() else { throw .foreignResult }
        let uncalled = names.names.filter { calls[$0] == nil }
        guard uncalled.isEmpty else { throw .uncalledLayers(uncalled) }
        unused[result.value] = nil
        guard unused.isEmpty else { throw .unusedResults(unused.values.sorted()) }
        builder.value = result.value
        let layers = builder.trace
        return (builder.build(), layers)
    }

    func call(_ layers: Layers, on value: Value) -> Value {
        guard let name = names.name(of: layers) else {
            return fail(.unknownLayers(layers.specifications.map(\.kind)), value)
        }
        guard calls[name, default: value.shape] == value.shape else {
            return fail(.changedShape(layer: name, first: calls[name] ?? [], now: value.shape), value)
        }
        calls[name] = value.shape
        return add([value], named: name) { builder throws(NetworkError) in
            try builder.add(layers.specifications, of: name, to: value.value)
            return builder.value
        }
    }

    func combine(
        _ left: Value, _ right: Value, named name: String, _ operation: (Shape) -> some Operation
    ) -> Value {
        guard left.value.shape == right.value.shape else {
            return fail(.unfit(operation: name, reason: "\(left.shape) and \(right.shape) differ in shape"), left)
        }
        return apply(operation(left.value.shape), to: [left, right], named: name)
    }

    func section(_ value: Value, _ range: Range<Int>, axis: Int) -> Value {
        guard value.shape.indices.contains(axis) else {
            return fail(.unfit(operation: "section", reason: "\(value.shape) has no dimension \(axis)"), value)
        }
        guard !range.isEmpty, range.lowerBound >= 0, range.upperBound <= value.shape[axis] else {
            return fail(
                .unfit(
                    operation: "section", reason: "\(range) is no part of the \(value.shape[axis]) of \(value.shape)"),
                value)
        }
        return apply(Section(value.value.shape, axis: axis, range: range), to: [value], named: "\(range)")
    }

    func split(_ value: Value, _ widths: [Int]) -> [Value] {
        let axis = value.shape.count - 1
        guard widths.allSatisfy({ $0 > 0 }), widths.reduce(0, { $0.saturatingSum($1) }) == value.shape[axis] else {
            let reason = "the widths \(widths) do not fill the last dimension of \(value.shape)"
            return widths.map { _ in fail(.unfit(operation: "split", reason: reason), value) }
        }
        var start = 0
        return widths.map { width in
            defer { start += width }
            return section(value, start..<start + width, axis: axis)
        }
    }

    func reshape(_ value: Value, _ dimensions: [Int]) -> Value {
        guard dimensions.allSatisfy({ $0 > 0 }),
            dimensions.reduce(1, { $0.saturatingProduct($1) }) == value.value.shape.count
        else {
            return fail(.unfit(operation: "reshaped", reason: "\(value.shape) cannot be seen as \(dimensions)"), value)
        }
        return apply(Reshape(value.value.shape, to: Shape(dimensions)), to: [value], named: "reshaped")
    }

    func concatenate(_ values: [Value], axis: Int) -> Value {
        let first = values[0]
        guard first.shape.indices.contains(axis) else {
            return fail(.unfit(operation: "concatenate", reason: "\(first.shape) has no dimension \(axis)"), first)
        }
        guard values.allSatisfy({ Concatenation.fits(first.value.shape, $0.value.shape, axis: axis) }) else {
            let shapes = values.map { "\($0.shape)" }.joined(separator: ", ")
            return fail(
                .unfit(operation: "concatenate", reason: "\(shapes) differ in more than dimension \(axis)"), first)
        }
        return apply(
            Concatenation(values.map(\.value.shape), axis: axis), to: values, named: "concatenate")
    }

    private func apply(_ operation: some Operation, to values: [Value], named name: String) -> Value {
        add(values, named: name) { builder throws(NetworkError) in
            builder.apply(operation, to: values.map(\.value))
            return builder.value
        }
    }

    private func add(
        _ values: [Value], named name: String,
        _ body: (inout NetworkBuilder) throws(NetworkError) -> Graph.Value
    ) -> Value {
        guard problem == nil, builder != nil else { return values[0] }
        guard values.allSatisfy({ $0.trace === self }) else {
            return fail(.unfit(operation: name, reason: "its values come from different models"), values[0])
        }
        do throws(NetworkError) {
            let result = try body(&builder!)
            for value in values { unused[value.value] = nil }
            if !values.contains(where: { $0.value == result }) { unused[result] = name }
            return Value(trace: self, value: result)
        } catch {
            return fail(.layer(error), values[0])
        }
    }

    private func fail(_ problem: ModelError, _ value: Value) -> Value {
        self.problem = self.problem ?? problem
        return value
    }
}

import Tensors
import Testing

/// The operations with which models join and part values.
struct BranchGradientTests {
    typealias Case = FiniteDifferenceTests.Case

    static let cases: [Case] = [
        Case("product with a branch", [6]) { builder, value in
            let branch = builder.apply(ElementWise(value.shape, .sigmoid), to: value)
            return builder.apply(Product(value.shape), to: value, branch)
        },
        Case("product with itself", [6]) { builder, value in
            builder.apply(Product(value.shape), to: value, value)
        },
        Case("section of features", [7]) { builder, value in
            builder.apply(Section(value.shape, axis: 0, range: 2..<5), to: value)
        },
        Case("section of channels", [4, 3, 2]) { builder, value in
            builder.apply(Section(value.shape, axis: 0, range: 1..<3), to: value)
        },
        Case("section of a line's middle", [2, 5, 3]) { builder, value in
            builder.apply(Section(value.shape, axis: 1, range: 1..<4), to: value)
        },
        Case("overlapping sections", [7]) { builder, value in
            let left = builder.apply(Section(value.shape, axis: 0, range: 0..<4), to: value)
            let right = builder.apply(Section(value.shape, axis: 0, range: 3..<7), to: value)
            return builder.apply(Product(left.shape), to: left, right)
        },
        Case("concatenation of features", [5]) { builder, value in
            let branch = builder.apply(ElementWise(value.shape, .tanh), to: value)
            return builder.apply(Concatenation([value.shape, branch.shape], axis: 0), to: value, branch)
        },
        Case("concatenation of parts of several lengths", [2, 6]) { builder, value in
            let left = builder.apply(Section(value.shape, axis: 1, range: 0..<1), to: value)
            let right = builder.apply(Section(value.shape, axis: 1, range: 1..<6), to: value)
            return builder.apply(
                Concatenation([right.shape, left.shape, value.shape], axis: 1), to: right, left, value)
        },
    ]

    @Test(arguments: cases)
    func gradients(_ subject: Case) {
        FiniteDifferenceTests().gradients(subject)
    }

    /// Parts put together again in another order: `torch.cat((x[:, 2:], x[:, :2]), dim=1)`.
    @Test func partsAreWhereTheyBelong() {
        var builder = GraphBuilder(input: [2, 3])
        let right = builder.apply(Section([2, 3], axis: 1, range: 2..<3), to: builder.input)
        let left = builder.apply(Section([2, 3], axis: 1, range: 0..<2), to: builder.input)
        let result = builder.apply(Concatenation([right.shape, left.shape], axis: 1), to: right, left)
        let executor = GraphExecutor(builder.build(output: result), maximumRows: 2, purpose: .inference)
        let input = (0..<12).map(Float.init)
        let parameters = FloatBuffer(count: 1)
        let output = executor.forward(inputs: input, rows: 2, parameters: parameters.pointer, randomness: nil)
        #expect((0..<12).map { output[$0] } == [2, 0, 1, 5, 3, 4, 8, 6, 7, 11, 9, 10])
    }
}

import Tensors

extension NetworkBuilder {
    /// A tensor of these dimensions must be addressable with the 32-bit integers of BLAS.
    func checkSize(_ dimensions: [Int]) throws(NetworkError) {
        var count = 1
        for dimension in dimensions {
            let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
            guard !overflow, product <= Int(Int32.max) else {
                throw .tooLarge(position, floats: dimensions.map(String.init).joined(separator: " x "))
            }
            count = product
        }
    }

    /// The window of a convolution or a pooling over the current shape, which must be an image or a line that it fits
    /// into.
    ///
    /// - Parameters:
    ///   - rank: 3 for an image, 2 for a line.
    ///   - kernelName: of the setting that gives the kernel.
    func window(
        rank: Int, kernel: Sides, stride: Sides, padding: Sides, dilation: Sides, kernelName: String = "kernel"
    ) throws(NetworkError) -> Window {
        let image = shape.dimensions
        guard image.count == rank else {
            let what = rank == 3 ? "an image, [channels, height, width]" : "a line, [channels, length]"
            throw .unfitShape(
                position, expected: what, actual: image,
                remedy: "put it before any flatten or linear layer, and give the input as such")
        }
        let needed = Sides(
            height: dilation.height * (kernel.height - 1) + 1 - 2 * padding.height,
            width: dilation.width * (kernel.width - 1) + 1 - 2 * padding.width)
        guard image[rank - 1] >= needed.width, rank == 2 || image[1] >= needed.height else {
            let what =
                rank == 3
                ? "an image of at least \(needed.height) x \(needed.width)" : "a line of at least \(needed.width)"
            throw .unfitShape(
                position, expected: what, actual: image,
                remedy: "make its \(kernelName) smaller or leave out a layer that shrinks what comes before")
        }
        return Window(over: shape, kernel: kernel, stride: stride, padding: padding, dilation: dilation)
    }
}

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

    /// The window of a convolution or a pooling over the current shape, which must be an image that it fits into.
    func window(
        kernel: Int, stride: Int, padding: Int, kernelName: String = "kernel"
    ) throws(NetworkError) -> Window {
        guard padding <= kernel / 2 else {
            throw .invalidLayer(
                position, name: "padding", expected: "at most half the \(kernelName), \(kernel / 2)",
                actual: "\(padding)")
        }
        let image = shape.dimensions
        guard image.count == 3 else {
            throw .unfitShape(
                position, expected: "an image, [channels, height, width]", actual: image,
                remedy: "put it before any flatten or linear layer, and give the input as [channels, height, width]")
        }
        guard min(image[1], image[2]) + 2 * padding >= kernel else {
            throw .unfitShape(
                position, expected: "an image of at least \(kernel - 2 * padding) x \(kernel - 2 * padding)",
                actual: image, remedy: "make its \(kernelName) smaller or leave out a layer that shrinks the image")
        }
        return Window(over: shape, kernel: kernel, stride: stride, padding: padding)
    }
}

import CKernels

/// A square window that slides over the height and width of an image (channels x height x width).
public struct Window: Sendable, Equatable {
    public let image: Shape
    public let kernel: Int
    public let stride: Int
    public let padding: Int

    /// The image must have three dimensions and, with its padding, be no smaller than the kernel.
    public init(over image: Shape, kernel: Int, stride: Int, padding: Int = 0) {
        precondition(image.dimensions.count == 3, "an image is channels x height x width, got \(image)")
        precondition(kernel > 0 && stride > 0 && padding >= 0 && padding <= kernel / 2, "not a window")
        self.image = image
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
        precondition(
            min(height, width) + 2 * padding >= kernel, "a window of \(kernel) does not fit into \(image)")
    }

    var channels: Int { image.dimensions[0] }
    var height: Int { image.dimensions[1] }
    var width: Int { image.dimensions[2] }
    /// (side + 2 padding - kernel) / stride + 1
    public var outputHeight: Int { (height + 2 * padding - kernel) / stride + 1 }
    public var outputWidth: Int { (width + 2 * padding - kernel) / stride + 1 }
    var outputCount: Int { outputHeight * outputWidth }

    var kernelWindow: martlet_window {
        martlet_window(
            channels: channels, height: height, width: width, kernel: kernel, stride: stride, padding: padding,
            output_height: outputHeight, output_width: outputWidth)
    }
}

import CKernels

/// A window that slides over an image (channels x height x width), or along a line (channels x length), which counts as
/// an image of height 1.
public struct Window: Sendable, Equatable {
    public let image: Shape
    public let kernel: Sides
    public let stride: Sides
    public let padding: Sides
    public let dilation: Sides

    /// With its padding the image must be no smaller than the kernel. Along a line only the width of a figure counts.
    public init(over image: Shape, kernel: Sides, stride: Sides, padding: Sides = 0, dilation: Sides = 1) {
        func along(_ sides: Sides, orElse height: Int) -> Sides {
            image.dimensions.count == 2 ? Sides(height: height, width: sides.width) : sides
        }
        precondition([2, 3].contains(image.dimensions.count), "neither an image nor a line: \(image)")
        self.image = image
        self.kernel = along(kernel, orElse: 1)
        self.stride = along(stride, orElse: 1)
        self.padding = along(padding, orElse: 0)
        self.dilation = along(dilation, orElse: 1)
        precondition(fits, "a window of \(kernel) does not fit into \(image)")
    }

    var channels: Int { image.dimensions[0] }
    var height: Int { image.dimensions.count == 2 ? 1 : image.dimensions[1] }
    var width: Int { image.dimensions.last ?? 1 }
    var output: Sides {
        Sides(
            height: Self.outputs(height, kernel.height, stride.height, padding.height, dilation.height),
            width: Self.outputs(width, kernel.width, stride.width, padding.width, dilation.width))
    }

    private var fits: Bool { output.height > 0 && output.width > 0 }

    /// Places of a window along one side: (side + 2 padding - dilation (kernel - 1) - 1) / stride + 1; none if it does
    /// not fit.
    public static func outputs(_ side: Int, _ kernel: Int, _ stride: Int, _ padding: Int, _ dilation: Int) -> Int {
        let room = side + 2 * padding - dilation * (kernel - 1) - 1
        return room < 0 ? 0 : room / stride + 1
    }

    /// The shape of a result with these channels.
    public func outputShape(channels: Int) -> Shape {
        image.dimensions.count == 2
            ? [channels, output.width] : [channels, output.height, output.width]
    }

    /// Those of a kernel over these channels.
    func kernelDimensions(channels: Int) -> [Int] {
        image.dimensions.count == 2 ? [channels, kernel.width] : [channels, kernel.height, kernel.width]
    }

    /// Over the first channels of the image only.
    func kernelWindow(channels: Int) -> martlet_window {
        martlet_window(
            channels: channels,
            y: martlet_axis(
                size: height, kernel: kernel.height, stride: stride.height, padding: padding.height,
                dilation: dilation.height, outputs: output.height),
            x: martlet_axis(
                size: width, kernel: kernel.width, stride: stride.width, padding: padding.width,
                dilation: dilation.width, outputs: output.width))
    }

    var kernelWindow: martlet_window { kernelWindow(channels: channels) }
}

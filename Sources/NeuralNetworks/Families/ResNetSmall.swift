extension LayerSpecification {
    /// The layers of a small residual network before its head (He et al., 2015, the variant for small images): a stem of
    /// one convolution, a stage for each width, and the mean of each channel. Every stage but the first begins with a
    /// stride of 2.
    ///
    /// - Parameters:
    ///   - widths: channels of each stage.
    ///   - blocks: residual blocks of a stage, each of two convolutions of 3 x 3.
    public static func resNetSmall(widths: [Int], blocks: Int) -> [LayerSpecification] {
        let stem: [LayerSpecification] = [.conv2d(channels: widths[0], bias: false), .batchNorm, .relu]
        let stages = widths.enumerated().flatMap { stage, width in
            (0..<blocks).flatMap { block in
                residualBlock(channels: width, stride: stage > 0 && block == 0 ? 2 : 1)
            }
        }
        return stem + stages + [.globalAveragePool]
    }

    /// Where the block shrinks the image the shortcut is a convolution of single pixels.
    private static func residualBlock(channels: Int, stride: Int) -> [LayerSpecification] {
        let branch: [LayerSpecification] = [
            .conv2d(channels: channels, stride: stride, bias: false), .batchNorm, .relu,
            .conv2d(channels: channels, bias: false), .batchNorm,
        ]
        let projection: [LayerSpecification] = [
            .conv2d(channels: channels, kernel: 1, stride: stride, bias: false), .batchNorm,
        ]
        return [.residual(branch, shortcut: stride > 1 ? projection : []), .relu]
    }
}

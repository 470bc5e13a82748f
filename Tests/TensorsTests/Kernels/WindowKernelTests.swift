import CKernels
import Testing

@testable import Tensors

struct WindowKernelTests {
    static let windows = [
        Window(over: [1, 1, 1], kernel: 1, stride: 1), Window(over: [3, 8, 8], kernel: 2, stride: 2),
        Window(over: [2, 7, 9], kernel: 2, stride: 2), Window(over: [2, 5, 34], kernel: 2, stride: 2),
        Window(over: [2, 9, 7], kernel: 3, stride: 1, padding: 1),
        Window(over: [1, 28, 28], kernel: 3, stride: 1, padding: 1), Window(over: [3, 11, 6], kernel: 3, stride: 2),
        Window(over: [2, 10, 13], kernel: 4, stride: 3, padding: 2),
        Window(over: [2, 6, 6], kernel: 5, stride: 1, padding: 2),
        Window(over: [2, 3, 2], kernel: 5, stride: 2, padding: 2),
        Window(over: [1, 1, 40], kernel: 1, stride: 3), Window(over: [2, 33], kernel: 3, stride: 1, padding: 1),
        Window(over: [1, 20], kernel: 4, stride: 2, padding: 2),
        Window(
            over: [2, 9, 20], kernel: Sides(height: 3, width: 2), stride: Sides(height: 1, width: 2),
            padding: Sides(height: 1, width: 0)),
        Window(over: [2, 4, 37], kernel: Sides(height: 4, width: 37), stride: 1),
    ]

    /// Those that a convolution may have besides.
    static let dilated = [
        Window(over: [2, 9, 20], kernel: 3, stride: 1, padding: 2, dilation: 2),
        Window(over: [3, 7, 35], kernel: 3, stride: 2, padding: 4, dilation: 2),
        Window(over: [2, 5, 5], kernel: 3, stride: 1, padding: 3),
        Window(over: [3, 40], kernel: 3, stride: 1, padding: 9, dilation: 4),
    ]

    let compare = KernelComparison(tolerance: 1e-5)

    @Test(arguments: windows + dilated)
    func patches(_ window: Window) throws {
        var place = window.kernelWindow
        let columns = window.channels * window.kernel.area * window.output.area
        let image = randomValues(window.image.count)
        try compare(length: columns) { table, target in
            table.image_to_columns(&place, image, target)
            return 0
        }
        try compare(length: window.image.count) { table, target in
            var matrix = randomValues(columns, stream: 1)
            table.columns_to_image(&place, &matrix, target)
            return 0
        }
    }

    @Test(arguments: windows + dilated, [1, 3])
    func depthwise(_ window: Window, _ multiplier: Int) throws {
        var place = window.kernelWindow
        let weights = window.channels * multiplier * window.kernel.area
        let outputs = window.channels * multiplier * window.output.area
        let image = randomValues(window.image.count), kernel = randomValues(weights, stream: 1)
        let slopes = randomValues(outputs, stream: 2)
        try compare(length: outputs) { table, target in
            table.depthwise_forward(&place, multiplier, image, kernel, target)
            return 0
        }
        try compare(length: weights + window.image.count) { table, target in
            table.depthwise_backward(&place, multiplier, image, kernel, slopes, target, target + weights)
            return 0
        }
        try compare(length: weights) { table, target in
            table.depthwise_backward(&place, multiplier, image, kernel, slopes, target, nil)
            return 0
        }
    }

    @Test(arguments: windows)
    func averagePooling(_ window: Window) throws {
        var place = window.kernelWindow
        let outputs = window.channels * window.output.area
        let image = randomValues(window.image.count), slopes = randomValues(outputs, stream: 1)
        try compare(length: outputs + window.image.count) { table, target in
            table.average_pool_forward(&place, image, target)
            table.average_pool_backward(&place, slopes, target + outputs)
            return 0
        }
    }

    @Test(arguments: windows)
    func maxPooling(_ window: Window) throws {
        var place = window.kernelWindow
        let outputs = window.channels * window.output.area
        // Few different values, so that there are many ties.
        let image = randomValues(window.image.count).map { $0.rounded() }
        let slopes = randomValues(outputs, stream: 1)
        try compare(length: window.image.count + outputs) { table, target in
            var argmax = [Int32](repeating: -1, count: outputs)
            table.max_pool_forward(&place, image, target + window.image.count, &argmax)
            table.max_pool_backward(&place, argmax, slopes, target)
            return 0
        }
        try compare(length: outputs) { table, target in
            table.max_pool_forward(&place, image, target, nil)
            return 0
        }
    }
}

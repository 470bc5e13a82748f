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
        Window(over: [1, 1, 40], kernel: 1, stride: 3),
    ]

    let compare = KernelComparison(tolerance: 1e-5)

    @Test(arguments: windows)
    func patches(_ window: Window) throws {
        var place = window.kernelWindow
        let columns = window.channels * window.kernel * window.kernel * window.outputCount
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

    @Test(arguments: windows)
    func maxPooling(_ window: Window) throws {
        var place = window.kernelWindow
        let outputs = window.channels * window.outputCount
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

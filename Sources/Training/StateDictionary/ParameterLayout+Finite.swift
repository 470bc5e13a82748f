package import Tensors

extension ParameterLayout {
    /// The first number that is none, by its parameter and its place there.
    package func firstNonFinite(in values: UnsafePointer<Float>) -> (entry: Entry, index: Int)? {
        for entry in entries {
            let numbers = UnsafeBufferPointer(start: values + entry.offset, count: entry.count)
            if let index = numbers.firstIndex(where: { !$0.isFinite }) { return (entry, index) }
        }
        return nil
    }
}

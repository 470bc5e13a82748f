/// Arithmetic of estimates: sizes and numbers of operations that a file asks for may be more than there are integers,
/// which must not stop the one who tells so.
extension Int {
    /// The product, or the largest integer where it is larger. Both factors at least 0.
    public func saturatingProduct(_ other: Int) -> Int {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }

    /// The sum, or the largest integer where it is larger. Both at least 0.
    public func saturatingSum(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}

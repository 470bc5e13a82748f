import Explanations
/// The names of classes and the order that gives them their indices.
enum ClassNames {
    /// In the place of a class: the row has none and counts for nothing.
    static let noLabel = -1.0

    /// Ascending as numbers if all of them are numbers, else by UTF-8 bytes.
    ///
    /// - Parameter areTexts: whether different spellings of one number (`1` and `1.0`) are classes of their own, the
    ///   shortest first; else they are one, named by the shortest.
    static func sorted(_ names: some Collection<String>, areTexts: Bool = false) -> [String] {
        let numbers = names.compactMap { name in
            number(name).map { (name: name, value: $0, whole: whole(name, near: $0)) }
        }
        guard numbers.count == names.count else { return names.sorted(by: utf8Order) }
        let ascending = numbers.sorted { a, b in
            let (left, right) = ((a.value, a.whole, a.name.utf8.count), (b.value, b.whole, b.name.utf8.count))
            return left == right ? utf8Order(a.name, b.name) : left < right
        }
        guard !areTexts else { return ascending.map(\.name) }
        var classes: [(name: String, value: Double, whole: Int128)] = []
        for candidate in ascending where classes.last?.value != candidate.value { classes.append(candidate) }
        return classes.map(\.name)
    }

    /// The index of the class that the cell names, in whatever spelling if the classes are numbers and no texts. Goes
    /// through all classes: for one cell, where `ClassIndex` is for many.
    static func index(of cell: UnsafeRawBufferPointer, in classes: [String], areTexts: Bool = false) -> Int? {
        let exact = classes.firstIndex { name in
            name.utf8.count == cell.count && name.utf8.elementsEqual(cell)
        }
        if let exact { return exact }
        if let composed = CanonicalText.other(than: cell) { return classes.firstIndex { $0 == composed } }
        guard !areTexts, let value = Double(decimal: cell) else { return nil }
        return classes.firstIndex { number($0) == value }
    }

    /// By bytes, which no version of Unicode changes.
    static func utf8Order(_ a: String, _ b: String) -> Bool {
        a.utf8.lexicographicallyPrecedes(b.utf8)
    }

    /// Tells numbers apart that are one as 64-bit floats: whole ones from 2^53 on, up to 128 bits. Any other is what its
    /// float is, and below all are 0.
    private static func whole(_ name: String, near value: Double) -> Int128 {
        guard abs(value) >= 0x1p53 else { return 0 }
        return Int128(decimal: name) ?? Int128(exactly: value) ?? (value < 0 ? Int128.min : Int128.max)
    }

    private static func number(_ name: String) -> Double? {
        var name = name
        return name.withUTF8 { Double(decimal: UnsafeRawBufferPointer($0)) }
    }
}

extension [String] {
    /// The place of a text, in whichever form of Unicode it is written, among strings that ascend by their UTF-8 bytes.
    func index(ofText wanted: UnsafeRawBufferPointer) -> Int? {
        if let index = index(ofUTF8: wanted) { return index }
        guard var composed = CanonicalText.other(than: wanted) else { return nil }
        return composed.withUTF8 { index(ofUTF8: UnsafeRawBufferPointer($0)) }
    }

    /// Binary search in strings that ascend by their UTF-8 bytes. O(log n).
    private func index(ofUTF8 wanted: UnsafeRawBufferPointer) -> Int? {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = low + (high - low) / 2
            if self[middle].utf8.lexicographicallyPrecedes(wanted) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low < endIndex && self[low].utf8.elementsEqual(wanted) ? low : nil
    }

    /// For messages: the first few, quoted.
    var listed: String {
        let shown = prefix(10).map { "'\("\($0)".shortened(toBytes: 60))'" }.joined(separator: ", ")
        return count > 10 ? "\(shown) and \(count - 10) more" : shown
    }
}

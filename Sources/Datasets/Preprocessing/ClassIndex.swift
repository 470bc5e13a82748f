/// Which class a cell names, found by a hash of its bytes: the same as `ClassNames.index`, for many cells of the same
/// classes. O(1) for a name as it is spelt among the classes.
struct ClassIndex: Sendable {
    private let classes: [String]
    /// Places of the classes by the hash of their names, -1 where there is none; as in any open hash, the next places are
    /// looked at as well until one is free.
    private let places: [Int32]
    private let mask: Int
    /// By value, unless the classes are texts: other spellings of one number are the same class.
    private let numbers: [Double: Int]

    init(_ classes: [String], areTexts: Bool = false) {
        self.classes = classes
        var capacity = 8
        while capacity < 2 * classes.count { capacity *= 2 }
        let mask = capacity - 1
        var places = [Int32](repeating: -1, count: capacity)
        var numbers: [Double: Int] = [:]
        for (index, name) in classes.enumerated() {
            var name = name
            name.withUTF8 { bytes in
                let bytes = UnsafeRawBufferPointer(bytes)
                var place = Self.hash(bytes) & mask
                while places[place] >= 0 { place = (place + 1) & mask }
                places[place] = Int32(index)
                if !areTexts, let value = Double(decimal: bytes), numbers[value] == nil { numbers[value] = index }
            }
        }
        self.mask = mask
        self.places = places
        self.numbers = numbers
    }

    /// Nil if it names none.
    func index(of cell: UnsafeRawBufferPointer) -> Int? {
        if let index = index(ofBytes: cell) { return index }
        if var composed = CanonicalText.other(than: cell) {
            let found = composed.withUTF8 { self.index(ofBytes: UnsafeRawBufferPointer($0)) }
            return found ?? classes.firstIndex { $0 == composed }
        }
        guard !numbers.isEmpty, let value = Double(decimal: cell) else { return nil }
        return numbers[value]
    }

    private func index(ofBytes cell: UnsafeRawBufferPointer) -> Int? {
        var place = Self.hash(cell) & mask
        while places[place] >= 0 {
            let index = Int(places[place])
            if classes[index].utf8.count == cell.count, classes[index].utf8.elementsEqual(cell) { return index }
            place = (place + 1) & mask
        }
        return nil
    }

    private static func hash(_ bytes: UnsafeRawBufferPointer) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: bytes)
        return hasher.finalize()
    }
}

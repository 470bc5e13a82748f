import Testing

@testable import Datasets

/// The hash finds what going through all classes finds.
@Suite struct ClassIndexTests {
    private func index(_ cell: String, in classes: [String]) -> Int? {
        let (found, expected) = Array(cell.utf8).withUnsafeBytes { bytes in
            (ClassIndex(classes).index(of: bytes), ClassNames.index(of: bytes, in: classes))
        }
        #expect(found == expected, "\(cell)")
        return found
    }

    @Test func namesAreFoundInEitherFormOfUnicode() {
        let classes = ClassNames.sorted(["cat", "dog", "\u{E9}tude", "", "no", "Cat"])
        for (place, name) in classes.enumerated() { #expect(index(name, in: classes) == place) }
        #expect(index("e\u{301}tude", in: classes) == index("\u{E9}tude", in: classes))
        for stranger in ["ca", "cats", "CAT", "e\u{300}tude", "1"] { #expect(index(stranger, in: classes) == nil) }
        #expect(index("a", in: []) == nil)
    }

    @Test func spellingsOfANumberAreOneClass() {
        let classes = ClassNames.sorted(["0", "1", "1.0", "10", "-2.50"])
        for (cell, place) in [("1", 2), ("1.00", 2), ("1e1", 3), ("-2.5", 0), ("0.0", 1)] {
            #expect(index(cell, in: classes) == place)
        }
        #expect(index("3", in: classes) == nil && index("x", in: classes) == nil)
    }

    @Test func ofManyClassesEachIsFound() {
        let classes = ClassNames.sorted((0..<10_000).map { "class \($0)" })
        let index = ClassIndex(classes)
        let found = classes.map { name in Array(name.utf8).withUnsafeBytes { index.index(of: $0) } }
        #expect(found == Array(classes.indices))
    }
}

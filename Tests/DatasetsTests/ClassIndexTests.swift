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

    /// As 64-bit floats those of a line are one.
    @Test func wholeNumbersOfAnySizeAscend() {
        for ascending in [
            ["-9007199254740993", "-9007199254740992", "9007199254740992.0", "9007199254740993"],
            ["-1e20", "-99999999999999999999", "5", "+99999999999999999999", "100000000000000000000"],
            [
                "-170141183460469231731687303715884105727", "170141183460469231731687303715884105727",
                "170141183460469231731687303715884105728",
            ],
        ] {
            #expect(ClassNames.sorted(ascending, areTexts: true) == ascending)
            #expect(ClassNames.sorted(Array(ascending.reversed()), areTexts: true) == ascending)
        }
    }

    @Test func ofManyClassesEachIsFound() {
        let classes = ClassNames.sorted((0..<10_000).map { "class \($0)" })
        let index = ClassIndex(classes)
        let found = classes.map { name in Array(name.utf8).withUnsafeBytes { index.index(of: $0) } }
        #expect(found == Array(classes.indices))
    }
}

import Explanations
import Testing

@Suite struct CountedTests {
    @Test func oneIsNotMany() {
        #expect([0, 1, 2].map { counted($0, "row") } == ["0 rows", "1 row", "2 rows"])
        #expect([1, 3].map { counted($0, "class is", "classes are") } == ["1 class is", "3 classes are"])
    }
}

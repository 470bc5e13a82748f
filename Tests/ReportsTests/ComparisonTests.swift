import Testing

@testable import Reports

@Suite struct ComparisonTests {
    @Test func saysWhatDiffersAndWhatDoesNot() {
        var document = ComparisonDocument.example()
        document.runs[1].settings["train.stop.patience"] = "3"
        #expect(document.differences.map(\.key) == ["data.path", "train.epochs", "train.stop.patience"])
        #expect(document.differences[2].values == [nil, "3"])
        #expect(document.common.map(\.key) == ["train.seed"])
    }

    @Test func figuresStandSideBySide() {
        let figures = ComparisonDocument.example().figures
        #expect(figures.map(\.name) == ["training loss, last epoch", "validation loss, best epoch", "test accuracy"])
        #expect(figures[2].values == [0.9, 0.91])
    }

    @Test func curvesAreOverlaidAndDifferencesMarked() throws {
        let html = ComparisonDocument.example().html
        let page = try WellFormed(html)
        #expect(page.attributes.count { $0.name == "class" && $0.value == "changed" } == 2)
        #expect(
            page.attributes.contains { $0.value == "curve c0" } && page.attributes.contains { $0.value == "curve c1" })
    }
}

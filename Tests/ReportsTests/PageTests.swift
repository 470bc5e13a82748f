import Testing

@testable import Reports

@Suite struct PageTests {
    static let hostile = "<script>alert('x')</script>\"&amp; --><img src=x onerror=y>\u{0}\u{1B}"

    @Test func aReportIsWellFormedAndHoldsEverything() throws {
        let page = try WellFormed(ReportDocument.example().html)
        for expected in [
            "Loss", "Learning rate", "Gradient norm", "Time of a step in ms", "Confusion matrix", "Worst samples",
            "Job file", "Environment", "Provenance", "Gate: passed",
        ] {
            #expect(page.text.contains(expected), "\(expected)")
        }
        // Loss, two charts of metrics, learning rate, gradient norm and the time of a step.
        #expect(page.elements.count { $0 == "svg" } == 6)
        #expect(page.elements.count { $0 == "img" } == 1)
    }

    @Test func nothingFromAJobBecomesMarkup() throws {
        let plain = try WellFormed(ReportDocument.example().html)
        let page = try WellFormed(ReportDocument.example(named: Self.hostile).html)
        #expect(page.elements == plain.elements)
        #expect(page.attributes.map(\.name) == plain.attributes.map(\.name))
        #expect(page.text.contains("<script>alert('x')</script>\"&amp; --><img src=x onerror=y>\u{FFFD}\u{FFFD}"))
        let comparison = try WellFormed(ComparisonDocument.example(names: [Self.hostile, "b"]).html)
        #expect(comparison.elements == (try WellFormed(ComparisonDocument.example().html)).elements)
    }

    @Test func nothingIsLoadedFromElsewhereOrRuns() throws {
        for html in [ReportDocument.example().html, ComparisonDocument.example().html] {
            let page = try WellFormed(html)
            #expect(Set(page.elements).isDisjoint(with: ["script", "link", "iframe", "object", "a"]))
            for (name, value) in page.attributes {
                if name == "src" { #expect(value.hasPrefix("data:image/bmp;base64,")) }
                #expect(!name.hasPrefix("on") && name != "href")
            }
            #expect(!html.contains("http://") && !html.contains("https://") && !html.contains("url("))
        }
    }

    @Test func theStyleNeedsNoEscaping() {
        #expect(!Style.sheet.contains { "&<>\"'".contains($0) })
    }

    @Test func aJobWithoutResultsStillHasAReport() throws {
        var document = ReportDocument(job: "digits-1", state: "waiting for 2 workers")
        document.curve = [ReportEpoch(epoch: 1, step: 1, trainingLoss: .nan)]
        let page = try WellFormed(document.html)
        #expect(!page.text.contains("Confusion matrix"))
        #expect(page.text.contains("waiting for 2 workers"))
    }

    @Test func theSameDocumentGivesTheSameBytes() {
        #expect(ReportDocument.example().html == ReportDocument.example().html)
    }
}

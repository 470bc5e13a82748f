@testable import Datasets
import Foundation
import Testing

@Suite struct DatasetProfileTests {
    /// Against NumPy.
    @Test func numbersAreThoseOfNumPy() throws {
        let profile = try DatasetProfile(of: Fixtures.url("profile.csv"))
        #expect(profile.rows == 501 && profile.columns.map(\.name) == ["first", "second", "town"])
        let numbers = try #require(profile.columns[0].numbers)
        let moments = try Fixtures.numbers("moments")
        for (value, expected) in zip([numbers.mean, numbers.deviation, numbers.minimum, numbers.maximum], moments) {
            #expect(abs(value - expected) < 1e-9)
        }
        let quantiles = numbers.quantiles.filter { [0.01, 0.25, 0.5, 0.75, 0.99].contains($0.share) }.map(\.value)
        for (value, expected) in zip(quantiles, try Fixtures.numbers("quantiles")) {
            #expect(abs(value - expected) < 1e-9)
        }
        #expect(numbers.isExact && numbers.histogram.counts.reduce(0, +) == 501)
        #expect(profile.columns[1].missing == 10 && profile.columns[1].count == 491)
        #expect(profile.columns[2].kind == .text && profile.columns[2].distinct == 3)
        #expect(profile.columns[2].top[0] == .init(value: "Bath", count: 167))
        let correlation = try #require(profile.correlations?.values[0][1])
        #expect(abs(correlation - (try Fixtures.number("correlation"))) < 1e-9)
    }

    /// A t-digest of a million values: within a tenth of a percent of rank, better at the ends.
    @Test func quantilesOfManyNumbers() {
        var sketch = QuantileSketch()
        let count = 400_000
        let order = SamplePermutation(count: count, seed: 7, epoch: 0, stream: 0)
        for index in 0..<count { sketch.add(Double(order[index])) }
        #expect(!sketch.isExact)
        for share in [0.0, 0.001, 0.01, 0.25, 0.5, 0.9, 0.999, 1] {
            let value = sketch.quantile(share) ?? .nan
            #expect(abs(value / Double(count - 1) - share) < 0.001 * max(share * (1 - share) * 4, 0.05))
        }
    }

    @Test func aPageThatNeedsNothingElse() throws {
        let scratch = try ScratchFile("a,<b>,c\n1,\"<script>\",3\n2,\"&\"\"x\",4\n")
        let profile = try DatasetProfile(of: scratch.url)
        let page = profile.html()
        #expect(page.hasPrefix("<!doctype html>") && page.hasSuffix("</body></html>\n"))
        #expect(!page.contains("<script>") && page.contains("&lt;script&gt; (1)") && page.contains("&amp;&quot;x"))
        #expect(!page.contains("http") && !page.contains("src="))
        let json = try JSONEncoder().encode(profile)
        #expect(try JSONDecoder().decode(DatasetProfile.self, from: json) == profile)
    }

    @Test(arguments: [
        ("features-f4.npy", 24, 6), ("deflated.npz", 24, 9), ("images-idx3-ubyte.gz", 30, 20), ("pictures", 8, 6),
    ])
    func otherFormats(name: String, rows: Int, columns: Int) throws {
        let profile = try DatasetProfile(of: Fixtures.url(name))
        #expect(profile.rows == rows && profile.columns.count == columns)
        #expect(profile.columns.allSatisfy { $0.kind == .number || $0.name == "class" })
    }

    @Test func textAndJSONLines() throws {
        let textFile = try ScratchFile("one two\n\nthree\n", name: "x.txt")
        let text = try DatasetProfile(of: textFile.url)
        #expect(text.rows == 3 && text.columns.map { $0.numbers?.mean } == [4, 1])
        let lineFile = try ScratchFile("{\"a\": 1}\n{\"a\": null}\n", name: "x.jsonl")
        let lines = try DatasetProfile(of: lineFile.url)
        #expect(lines.rows == 2 && lines.columns[0].missing == 1)
        let tableFile = try ScratchFile("5.1,0\n3,4\n", name: "idx.csv")
        let table = try DatasetProfile(of: tableFile.url)
        #expect(table.format == .csv && table.rows == 1)
        #expect(table.notes.contains { $0.hasPrefix("1 line of numbers is taken for the header") })
        let emptyFile = try ScratchFile("", name: "x.csv")
        #expect(throws: DatasetReport.self) { try DatasetProfile(of: emptyFile.url) }
    }

    @Test func numbersWrittenForPeopleAreTold() throws {
        let file = try ScratchFile("price,town,n\n\"1,500\",York,1\n$7,12%,2\n")
        #expect(
            try DatasetProfile(of: file.url).notes == [
                "column 'price' holds numbers written as '1,500', which are read as texts: write them without separators "
                    + "and signs"
            ])
    }

    /// The line is told, the file, and what may be wrong.
    @Test(arguments: [
        ("x.csv", "a,b\n1,2\n\"", 3, "a row of more than 16 MiB: is a quote never closed?"),
        ("x.jsonl", "{\"a\": 1}\n{\"a\": \"", 2, "a line of more than 16 MiB"),
        ("x.txt", "one\ntwo ", 2, "a line of more than 16 MiB"),
    ])
    func aRecordThatIsTooLong(name: String, beginning: String, line: Int, message: String) throws {
        let file = try ScratchFile(
            Array(beginning.utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: 17 << 20), name: name)
        let report = #expect(throws: DatasetReport.self) { try DatasetProfile(of: file.url) }
        #expect(report?.file == file.url.path(percentEncoded: false))
        #expect(report?.problems == [.init(line: line, message: message)])
    }

    /// A file that is no table of commas has no profile that would look like one.
    @Test(arguments: [
        ("a;b\n1,5;2\n", "line 1: the header has one column only and semicolons in it"),
        ("a\tb\n1\t2\n", "line 1: the header has one column only and tabs in it"),
        ("a,b\r1,2\r", "line 1: lines end with a carriage return alone"),
        ("a,b\n1\n2\n", "line 2: no line is a row of 2 cells as in the header"),
        ("a,b\n", "the file has a header but no rows"),
    ])
    func whatIsNoTableIsAnError(text: String, message: String) throws {
        let file = try ScratchFile(text)
        let report = #expect(throws: DatasetReport.self) { try DatasetProfile(of: file.url) }
        #expect(report?.problems.count == 1 && report?.problems[0].description.hasPrefix(message) == true, "\(report!)")
    }
}

@testable import Datasets
import Foundation
import Testing

/// Damaged files are refused in words, or read by planner and worker alike; nothing traps.
@Suite struct ReaderFuzzTests {
    private let table = Array(
        "a,\"b, c\",day,y\n1,red,2024-01-01,x\n-2.5e3,\"b\"\"l\",1999-12,y\n .5 ,caf\u{E9},2000-02-29T12:00Z,x\nNA,red,2001-01-01,-1\n"
            .utf8)
    private let lines = Array(
        """
        {"a": 1, "p": [1, 2.5], "t": "x\\u00e9\\ud83d\\ude00", "y": "u"}
        {"a": -2e-3, "p": [NaN, 0], "t": "NA", "y": "v"}
        {"a": null, "p": [3, 1], "t": true, "y": "u"}

        """.utf8)

    private func check(_ bytes: [UInt8], _ name: String, _ scratch: ScratchFile) throws -> Bool {
        let url = scratch.url.deletingLastPathComponent().appending(path: name)
        try Data(bytes).write(to: url)
        var job = DataSpecification(
            path: url.path(percentEncoded: false), format: name.contains("jsonl") ? .jsonl : .csv, targets: ["y"],
            split: .init(train: 1, test: 0, order: .file), normalize: .standard)
        job.cleaning.missing = .mostFrequent
        job.types = name.contains("jsonl") ? [:] : ["day": .date]
        do {
            // The width is not known before: a plan is only refused for that last.
            for width in 1...8 {
                do {
                    let planned = try PlannedData(job, target: .classes(2), input: [width])
                    _ = try planned.samples(\.training)
                    return true
                } catch let report as DatasetReport where report.problems[0].message.hasPrefix("the data gives") {}
            }
        } catch is DatasetReport {}
        return false
    }

    @Test(arguments: ["t.csv", "t.jsonl", "t.csv.gz"])
    func damagedFiles(name: String) throws {
        let plain = name.contains("jsonl") ? lines : table
        let seed = name.hasSuffix("gz") ? GzipText.stored(plain) : plain
        let scratch = try ScratchFile("")
        #expect(try check(seed, name, scratch))
        var accepted = 0
        try fuzz(seed, rounds: 1_500) { if try check($0, name, scratch) { accepted += 1 } }
        #expect(accepted < 1_500)
    }

    @Test(arguments: [RawRowFile.Format.csv, .jsonl, .json, .text])
    func damagedRows(format: RawRowFile.Format) throws {
        let array = Array(#"[{"a": 1, "b": "x"}, [[1, [2]], "\u00e9"], null, {"a": [1, NaN], "b": true}]"#.utf8)
        let seed = format == .csv ? table : format == .jsonl ? lines : array
        let scratch = try ScratchFile("")
        fuzz(seed, rounds: 2_000) { bytes in
            try? Data(bytes).write(to: scratch.url)
            let file = RawRowFile(scratch.url, format: format, name: "f")
            for columns in [["a", "b"], ["p[0]", "p[1]", "a"], nil] as [[String]?] {
                do {
                    try file.forEachRow(columns: columns, width: columns?.count ?? 2) {
                        _ = try $0.numbers(columns: columns, file: "f")
                    }
                } catch {
                    #expect(error is RawRowError || error is DatasetReport, "\(error)")
                }
            }
        }
    }

    /// Whatever the bytes, a number is the one that the standard library reads, or none.
    @Test func numbers() {
        for seed in [
            "-12.5e-3", "+0000123456789012345678.", ".98765432109876543210e12", "1e99999999999999999999", "0x1Ap3",
        ] {
            fuzz(Array(seed.utf8), rounds: 20_000) { bytes in
                guard let number = bytes.withUnsafeBytes({ Double(decimal: $0) }) else { return }
                let text = String(decoding: bytes, as: UTF8.self)
                #expect(Double(text) == number, "\(text)")
            }
        }
    }

    @Test func dates() {
        for seed in ["2000-02-29T12:00:00.5+01:00", "1969-12", "9999-12-31 23:59:60Z"] {
            fuzz(Array(seed.utf8), rounds: 10_000) { bytes in
                let days = bytes.withUnsafeBytes { CalendarDate.days($0) }
                #expect(days.map { $0.isFinite && abs($0) < 4e6 } ?? true)
            }
        }
    }

    /// Values that are farther apart than the largest number are still counted into a histogram.
    @Test func extremeNumbersInAProfile() {
        var profiler = ColumnProfiler(name: "x")
        let values = [-Double.greatestFiniteMagnitude, 0, .greatestFiniteMagnitude]
        for value in values { profiler.add(value) }
        for value in values { profiler.addToHistogram(value) }
        #expect(profiler.finish().numbers?.histogram.counts.reduce(0, +) == 3)
    }

    @Test func whatFillsInIsANumberAsCellsAre() throws {
        for text in ["0x1A", "1e300", "nan", "1,5"] {
            let scratch = try ScratchFile("a,y\n1,1\n,2\n")
            var job = DataSpecification(path: scratch.path, target: "y", split: .init(train: 1, test: 0))
            job.cleaning.missing = .constant(text)
            #expect(
                try problems { _ = try PlannedData(job, input: [1]) }
                    == [
                        "column 'a': data.clean fills in '\(text)', which is not a finite number; data.clean.columns says "
                            + "what to fill in for each column"
                    ])
        }
    }
}

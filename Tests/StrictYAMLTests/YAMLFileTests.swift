import Foundation
import StrictYAML
import Testing

@Suite struct YAMLFileTests {
    private enum Shape: String, CaseIterable {
        case round, square
    }

    /// Reads a small file of each kind of value; gives the values as text, or the problems.
    private func read(_ text: String, overrides: [YAMLOverride] = []) throws -> [String] {
        try YAMLFile.read(text: text, file: "f.yaml", overrides: overrides) { file in
            let name = file.string("name")
            let count = file.integer("count", in: 1...9, default: 3)
            let ratio = file.number("ratio", in: Above(0), default: 0.5)
            let shape = file.choice("shape", of: Shape.self, default: .round)
            let inner = file.optionalMapping("inner") { inner in
                "\(inner.bool("on", default: false)) \(inner.optionalInteger("limit", in: 0...) ?? -1)"
            }
            let tags = file.strings("tags", default: [])
            let wait = file.duration("wait", default: .seconds(1))
            let seed = file.unsigned("seed", default: 0)
            return [name, "\(count)", "\(ratio)", shape.rawValue, inner ?? "-", "\(tags)", "\(wait)", "\(seed)"]
        }
    }

    private func problems(_ text: String, overrides: [YAMLOverride] = []) -> [String] {
        do {
            _ = try read(text, overrides: overrides)
            return []
        } catch {
            return "\(error)".split(separator: "\n").map(String.init)
        }
    }

    @Test func valuesAndDefaults() throws {
        #expect(
            try read("name: a b") == ["a b", "3", "0.5", "round", "-", "[]", "1.0 seconds", "0"])
        let full = """
            name: "7"
            count: 9
            ratio: 1e-3
            shape: square
            inner: { on: true, limit: 0 }
            tags: [x, 'y z']
            wait: 250ms
            seed: 18446744073709551615
            """
        #expect(
            try read(full)
                == ["7", "9", "0.001", "square", "true 0", "[\"x\", \"y z\"]", "0.25 seconds", "18446744073709551615"])
    }

    @Test func everyProblemIsToldWithItsPlace() {
        let text = """
            name: [a]
            cuont: 3
            ratio: 0
            shape: sqare
            inner:
              on: yes
              limit: -1
              other: 1
            tags: x
            wait: 250
            seed: -1
            """
        #expect(
            problems(text) == [
                "f.yaml:1:7: name: expected text, found a list",
                "f.yaml:2:1: cuont: unknown key: did you mean 'count'?",
                "f.yaml:3:8: ratio: expected a number above 0.0, found '0'",
                "f.yaml:4:8: shape: expected one of round, square, found 'sqare': did you mean 'square'?",
                "f.yaml:6:7: inner.on: expected true or false, found 'yes'",
                "f.yaml:7:10: inner.limit: expected an integer of at least 0, found '-1'",
                "f.yaml:8:3: inner.other: unknown key: known are on, limit",
                "f.yaml:9:7: tags: expected a list, found 'x'",
                "f.yaml:10:7: wait: expected a duration such as 250ms, 1.5s, 2m or 1h, found '250'",
                "f.yaml:11:7: seed: expected an integer from 0 to 18446744073709551615, found '-1'",
            ])
    }

    @Test func missingAndEmpty() {
        #expect(problems("") == ["f.yaml:1:1: the key 'name' is missing: expected text"])
        #expect(problems("# a comment\n") == ["f.yaml:1:1: the key 'name' is missing: expected text"])
        #expect(problems("name:") == ["f.yaml:1:6: name: expected text, found nothing"])
        #expect(problems("- a") == ["f.yaml:1:1: expected a mapping of keys to values, found a list"])
        #expect(
            problems("name: a\ncount: \"3\"\n")
                == ["f.yaml:2:8: count: expected an integer from 1 to 9, found the text '3': take the quotes away"])
    }

    @Test(arguments: ["0ms", "-5s", "0.5ms", "25h", "200000h", "1e300h"])
    func durationsThatNobodyWaitsFor(_ text: String) {
        #expect(
            problems("name: a\nwait: \(text)") == [
                "f.yaml:2:7: wait: expected a duration from 1ms to 24h, found '\(text)'"
            ])
    }

    @Test func aProblemOfAnInnerKeyHasItsPlace() {
        let error = #expect(throws: YAMLError.self) {
            try YAMLFile.read(text: "a: 1\nb:\n  c: 2\n", file: "f.yaml") { file in
                _ = file.integer("a")
                _ = file.mapping("b", "a mapping") { $0.integer("c") }
                file.report("b.c", "not 2")
                file.report("b.d", "missing")
            }
        }
        #expect(error?.description == "f.yaml:3:3: b.d: missing\nf.yaml:3:6: b.c: not 2")
    }

    @Test(arguments: ["count: 0", "count: 10", "count: 1.0", "count: 1e0", "count: 0x1", "ratio: .inf", "ratio: nan"])
    func numbersOutOfRangeOrOfOtherForm(line: String) {
        #expect(problems("name: a\n\(line)").count == 1)
    }

    @Test func whatIsNotYAML() {
        #expect(problems("name: a\nname: b\n").first?.contains("comes twice in one mapping: 'name'") == true)
        #expect(problems("name: [a\n").first?.hasPrefix("f.yaml:2:1: this is not YAML: ") == true)
        #expect(
            problems("name: >= 0.9\n") == [
                "f.yaml:1:8: this is not YAML: a text that begins with '>' or '|' needs quotes: \">= 0.9\""
            ])
        #expect(
            problems("name: @a\n") == [
                "f.yaml:1:7: this is not YAML: a text that begins with '@', '`', '%' or a tab needs quotes"
            ])
        let deep = problems("name: " + String(repeating: "[", count: 100_000))
        #expect(deep.count == 1 && deep[0].hasSuffix("this is not YAML: it is nested too deeply"), "\(deep)")
        #expect(problems("name: a\n---\nname: b\n").first?.contains("this is not YAML") == true)
        #expect(problems("? [a, b]\n: c\n") == ["f.yaml:1:3: expected a key, found more"])
        #expect(problems("name: *missing\n").first?.contains("undefined alias") == true)
    }

    /// Nine levels of nine aliases each would be four hundred million values.
    @Test func aliasesCannotGrowWithoutEnd() {
        var lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
        for level in 1...8 {
            let copies = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            lines.append("a\(level): &a\(level) [\(copies)]")
        }
        #expect(problems(lines.joined(separator: "\n")).first?.contains("more than 100000 values") == true)
    }

    @Test func overridesWin() throws {
        let values = try read("name: a\ncount: 2", overrides: ["count=4", "inner.limit=5", "tags=[p, q]", "name=a=b"])
        #expect(values == ["a=b", "4", "0.5", "round", "false 5", "[\"p\", \"q\"]", "1.0 seconds", "0"])
    }

    @Test func problemsOfOverridesNameThem() {
        #expect(
            problems("name: a", overrides: ["count=x", "inner.limt=1", "name.first=b", "nothing", "=1", "a..b=1"]) == [
                "--set name.first=b: name: expected a mapping to set 'first' in, found 'a'",
                "--set nothing: expected key=value, such as train.epochs=5",
                "--set =1: expected key=value, such as train.epochs=5",
                "--set a..b=1: expected keys with one dot between them",
                "--set count=x: count: expected an integer from 1 to 9, found 'x'",
                "--set inner.limt=1: inner.limt: unknown key: did you mean 'limit'?",
            ])
    }

    /// What the keys would be follows from a value that is wrong itself.
    @Test func keysThatAWrongChoiceDecidesAreLeftAlone() throws {
        enum Kind: String, CaseIterable { case circle, square }
        func problems(_ text: String) -> [String] {
            do {
                try YAMLFile.read(text: text, file: "f") { shape in
                    if shape.choice("kind", of: Kind.self, decidesKeys: true) == .square { _ = shape.integer("side") }
                }
                return []
            } catch {
                return error.problems.map(\.message)
            }
        }
        #expect(
            problems("kind: sqare\nside: 1") == [
                "expected one of circle, square, found 'sqare': did you mean 'square'?"
            ])
        #expect(problems("kind: circle\nside: 1") == ["unknown key: known are kind"])
    }

    @Test func longValuesAreCut() throws {
        let number = String(repeating: "1", count: 80)
        #expect {
            try YAMLFile.read(text: "a: \(number)", file: "f") { $0.integer("a") }
        } throws: {
            "\($0)".hasSuffix("found '\(number.prefix(60))…'")
        }
    }

    @Test func filesThatCannotBeRead() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "yaml-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "f.yaml")
        func message() -> String? {
            do {
                try YAMLFile.read(YAMLSource(file)) { _ in }
                return nil
            } catch {
                return error.description
            }
        }
        #expect(message()?.contains("f.yaml:1:1: the file cannot be read") == true)
        try Data([0x61, 0x3A, 0xFF]).write(to: file)
        #expect(message()?.hasSuffix("the file is not UTF-8") == true)
        try Data(repeating: 0x20, count: YAMLSource.maximumBytes + 1).write(to: file)
        #expect(message()?.hasSuffix("the file cannot be read: it has 1048577 bytes, at most 1048576 are read") == true)
        try Data("a: 1".utf8).write(to: file)
        #expect(try YAMLFile.read(YAMLSource(file)) { $0.integer("a") } == 1)
    }

    /// Editors write it, and it says nothing.
    @Test func aByteOrderMarkIsPassedOver() throws {
        #expect(try read("\u{FEFF}name: a\ncount: 4") == read("name: a\ncount: 4"))
        #expect(try read("\u{FEFF}# first\nname: a") == read("name: a"))
        #expect(
            problems("\u{FEFF}name: a\ncount: x") == ["f.yaml:2:8: count: expected an integer from 1 to 9, found 'x'"])
    }

    @Test(arguments: [("count: !!str 3", "!!str"), ("count: !foo 3", "!foo"), ("tags: !!seq [a]", "!!seq")])
    func tagsAreRefused(line: String, tag: String) {
        let found = problems("name: a\n\(line)")
        #expect(found.count == 1 && found[0].hasPrefix("f.yaml:2:"), "\(found)")
        #expect(found.first?.contains("tags have no meaning here, found '\(tag)'") == true, "\(found)")
    }

    @Test func textsInQuotesAndBlocksHaveNoTag() throws {
        #expect(try read("name: 'a'\ntags: [\"x\", 'y']").first == "a")
        #expect(try read("name: |\n  a\n  b\n").first == "a\nb\n")
    }

    @Test func aTabIsNamed() {
        #expect(
            problems("name: a\ninner:\n\ton: true") == [
                "f.yaml:3:1: this is not YAML: the line is indented by a tab, which YAML does not take: indent it by spaces"
            ])
    }

    @Test func aKeyThatComesTwiceIsToldWhereItComesAgain() {
        func place(_ text: String) -> String { problems(text).first.map { String($0.prefix(12)) } ?? "none" }
        #expect(
            problems("name: a\ncount: 3\nname: b")
                == ["f.yaml:3:1: a key comes twice in one mapping: 'name'"])
        #expect(place("# x\nname: a\ninner:\n  on: true\n  limit: 1\n  on : false") == "f.yaml:6:3: ")
        #expect(place("name: a\ninner: { on: true, limit: 3, \"on\": false }") == "f.yaml:2:30:")
        #expect(place("name: name\n'name': b") == "f.yaml:2:1: ")
    }

    @Test func quotesAreBlamedOnlyWhereTheyAreInTheWay() {
        #expect(problems("name: a\ncount: \"3\"")[0].hasSuffix("found the text '3': take the quotes away"))
        #expect(problems("name: a\ncount: \"x\"")[0].hasSuffix("found the text 'x'"))
    }
}

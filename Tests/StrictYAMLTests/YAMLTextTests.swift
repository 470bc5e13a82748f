import StrictYAML
import Testing

@Suite struct YAMLTextTests {
    @Test func blockStyle() {
        let text: YAMLText = [
            "name": "worker-0", "threads": 1, "listen": ["host": "127.0.0.1", "port": 7000],
            "peers": [["name": "a"], ["name": "b c"]], "roles": ["left", "right"], "share": 0.5, "on": true,
            "none": [:],
        ]
        #expect(
            text.rendered() == """
                name: worker-0
                threads: 1
                listen:
                  host: "127.0.0.1"
                  port: 7000
                peers:
                  - { name: a }
                  - { name: "b c" }
                roles: [left, right]
                share: 0.5
                "on": true
                none: {}

                """)
    }

    @Test(arguments: [1, 250, 1500, 3_600_000]) func durationsComeBack(milliseconds: Int) throws {
        let duration = Duration.milliseconds(milliseconds)
        let document: YAMLText = .mapping([(key: "value", value: .duration(duration))])
        #expect(document.rendered() == "value: \(milliseconds)ms\n")
        #expect(try YAMLFile.read(text: document.rendered(), file: "f") { $0.duration("value") } == duration)
    }

    /// Whatever the text, it comes back as it was, and as text.
    @Test(arguments: [
        "plain", "", " ", "true", "No", "null", "~", "12", "1.5", "a: b", "- a", "#x", "a #b", "\"q\"", "back\\slash",
        "line\nfeed", "tab\t", "\u{0}\u{7F}", "ü 😀", "%TAG", "@at", "{a}", "*alias", "&anchor", "!tag", "2001-01-01",
        "\u{2028}", "/tmp/a b", ".5", "-", "...",
    ])
    func textsComeBack(text: String) throws {
        let document: YAMLText = .mapping([
            (key: "value", value: .string(text)), (key: "list", value: .list([.string(text)])),
        ])
        let read = try YAMLFile.read(text: document.rendered(), file: "f") { [$0.string("value")] + $0.strings("list") }
        #expect(read == [text, text])
        let key: YAMLText = .mapping([(key: text, value: .integer(1))])
        #expect(try YAMLFile.read(text: key.rendered(), file: "f") { $0.integer(text) } == 1)
    }
}

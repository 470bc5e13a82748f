import Explanations
import Testing

@Suite struct ControlsTests {
    @Test func controlCharactersAreWrittenOut() {
        #expect("a\u{1B}[31mb\u{7}\u{0}c".escapingControls() == "a\\u{1B}[31mb\\u{07}\\0c")
        #expect("a\nb\r\tc\u{85}\u{2028}".escapingControls() == "a\\nb\\r\\tc\\u{0085}\\u{2028}")
        #expect("x\u{202E}y".escapingControls() == "x\\u{202E}y")
    }

    @Test func allElseStays() {
        for text in ["", "Grüße, 世界 👩‍👧", "C:\\new 'it'", "e\u{301}"] { #expect(text.escapingControls() == text) }
        #expect("a\n\tb\u{1B}".escapingControls(keeping: "\n\t") == "a\n\tb\\u{1B}")
    }
}

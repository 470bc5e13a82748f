import NeuralNetworks
import Testing

struct NamePatternTests {
    @Test(arguments: [
        ("0.bias", "0.bias", true), ("0.bias", "10.bias", false), ("*.bias", "10.bias", true),
        ("*.bias", "bias", false), ("*", "", true), ("*", "anything", true), ("3.*", "3.layers.0.weight", true),
        ("3.*", "13.weight", false), ("*norm*", "4.norm.weight", true), ("*norm*", "4.weight", false),
        ("a*b*b", "ab", false), ("a*b*b", "abb", true), ("a*a", "a", false), ("", "", true), ("", "x", false),
    ])
    func matches(_ pattern: String, _ name: String, _ expected: Bool) {
        #expect(NamePattern(pattern).matches(name) == expected)
    }
}

@testable import Explanations
import Testing

@Suite struct NearestWordTests {
    let keys = ["batch_size", "epochs", "seed", "workers"]

    @Test(arguments: [("batchsize", "batch_size"), ("Epoch", "epochs"), ("sede", "seed"), ("worker", "workers")])
    func nearest(word: String, expected: String) {
        #expect(nearestWord(to: word, in: keys) == expected)
    }

    @Test func farWordsAreNotSuggested() {
        #expect(nearestWord(to: "colour", in: keys) == nil)
        #expect(nearestWord(to: "", in: keys) == nil)
        #expect(nearestWord(to: "x", in: []) == nil)
        #expect(nearestWord(to: "x", in: ["a", "b"]) == nil, "they have nothing in common")
        #expect(nearestWord(to: "X", in: ["a", "x"]) == "x")
    }

    @Test func distances() {
        #expect(editDistance(Array("kitten"), Array("sitting")) == 3)
        #expect(editDistance(Array("lable"), Array("label")) == 1)
        #expect(editDistance(Array(""), Array("abc")) == 3)
        #expect(editDistance(Array("same"), Array("same")) == 0)
    }
}

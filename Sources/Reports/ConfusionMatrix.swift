/// How often samples of a true class (first index) were taken for each class.
package struct ConfusionMatrix: Sendable, Equatable {
    package var classes: [String]
    package var counts: [[Int]]

    package init(classes: [String], counts: [[Int]]) {
        self.classes = classes
        self.counts = counts
    }
}

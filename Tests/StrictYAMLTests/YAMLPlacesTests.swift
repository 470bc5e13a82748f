import Testing

@testable import StrictYAML

@Suite struct YAMLPlacesTests {
    private let text = """
        model:
          family: cnn
          layers:
            - conv: 32
            - relu
            - residual:
                - linear: 4
        train: { epochs: 5 }
        """

    private func prefix(_ path: String, overrides: [String] = []) -> String {
        YAMLPlaces(text: text, file: "job.yaml", overrides: overrides).prefix(of: path)
    }

    @Test func keysAndElementsHavePlaces() {
        #expect(prefix("model.family") == "job.yaml:2:3: model.family")
        #expect(prefix("model.layers[1]") == "job.yaml:5:7: model.layers[1]")
        #expect(prefix("train.epochs") == "job.yaml:8:10: train.epochs")
    }

    @Test func whatIsNotThereIsLookedForAroundIt() {
        #expect(prefix("model.layers[2].residual.layers[0]") == "job.yaml:6:7: model.layers[2].residual.layers[0]")
        #expect(prefix("train.optimizer.learning_rate") == "job.yaml:8:1: train.optimizer.learning_rate")
        #expect(prefix("model.layers[9]") == "job.yaml:3:3: model.layers[9]")
    }

    @Test func listsAreCounted() {
        let places = YAMLPlaces(text: text, file: "job.yaml")
        #expect(places.count(of: "model.layers") == 3)
        #expect(places.count(of: "model.layers[2].residual") == 1)
        #expect(places.count(of: "model.family") == nil && places.count(of: "model.layers[7]") == nil)
    }

    @Test func overridesAreNamed() {
        #expect(prefix("train.epochs", overrides: ["train.epochs=7"]) == "--set train.epochs=7: train.epochs")
    }

    @Test func aTextThatIsNoYAMLHasNoPlaces() {
        #expect(YAMLPlaces(text: "a: [", file: "job.yaml").prefix(of: "a") == "job.yaml: a")
    }
}

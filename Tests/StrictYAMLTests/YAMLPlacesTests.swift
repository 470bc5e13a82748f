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

    private func prefix(_ path: String, overrides: [YAMLOverride] = []) -> String {
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

    @Test func keysMayBeMadeOfAnything() {
        let places = YAMLPlaces(text: "types:\n  a.b, c: number\n  \"x\\ny\": date\n", file: "job.yaml")
        #expect(places.prefix(of: ["types", "a.b, c"]) == "job.yaml:2:3: types.a.b, c")
        #expect(places.prefix(of: ["types", "x\ny"]) == "job.yaml:3:3: types.x\ny")
        #expect(places.prefix(of: ["types", "z"]) == "job.yaml:1:1: types.z")
    }

    @Test func anOptionOfItsOwnIsNamed() {
        let workers = YAMLOverride("train.workers", to: "7", by: "--workers")
        #expect(prefix("train.workers", overrides: [workers]) == "--workers 7: train.workers")
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

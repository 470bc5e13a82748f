/// The samples on which the model did worst: as pictures, or as tables of their values.
enum MistakesSection {
    static func nodes(_ mistakes: Mistakes) -> [Node] {
        let pictures = mistakes.samples.contains { if case .picture = $0.content { true } else { false } }
        let caption = Node.tag("p", [.class("dim")], text: mistakes.caption)
        guard !mistakes.samples.isEmpty else { return [caption] }
        return [
            caption,
            .tag(
                "div", [.class(pictures ? "samples" : "samples wide")],
                mistakes.samples.map { card($0, of: mistakes.kind) }),
        ]
    }

    private static func card(_ sample: Mistakes.Sample, of kind: Mistakes.Kind) -> Node {
        let words =
            switch kind {
            case .classes: (label: "is", prediction: "taken for", loss: "loss")
            case .numbers: (label: "target", prediction: "predicted", loss: "squared error")
            }
        let content: [Node] =
            switch sample.content {
            case .picture(let picture):
                [
                    .tag(
                        "img",
                        [
                            Attribute("src", picture.address), Attribute("width", Double(picture.width)),
                            Attribute("height", Double(picture.height)),
                            Attribute(
                                "alt", "\(words.label) \(sample.label), \(words.prediction) \(sample.prediction)"),
                        ])
                ]
            case .values(let values): Page.facts(values)
            }
        let certainty = sample.probability.map { " (\(Figure.percent($0)))" } ?? ""
        return .tag(
            "div", [.class("sample")],
            content + [
                .tag("p", [], [.text("\(words.label) "), .tag("b", text: sample.label)]),
                .tag("p", [], [.text("\(words.prediction) "), .tag("b", text: sample.prediction), .text(certainty)]),
                .tag("p", [.class("dim")], text: "\(words.loss) \(Figure.short(sample.loss))"),
            ])
    }
}

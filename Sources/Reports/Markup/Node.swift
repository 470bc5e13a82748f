/// A piece of HTML or SVG: elements and text. There is no way to put in markup as text, so nothing that comes from a job
/// can become markup.
enum Node: Sendable, Equatable {
    case element(Element)
    /// Escaped when it is written.
    case text(String)

    /// An element with text alone, or with other elements.
    static func tag(
        _ name: StaticString, _ attributes: [Attribute] = [], _ children: [Node] = [], text: String? = nil
    ) -> Node {
        .element(
            Element(name: "\(name)", attributes: attributes, children: children + (text.map { [.text($0)] } ?? [])))
    }
}

struct Element: Sendable, Equatable {
    var name: String
    var attributes: [Attribute]
    var children: [Node]
}

struct Attribute: Sendable, Equatable {
    var name: String
    var value: String

    init(_ name: StaticString, _ value: String) {
        self.name = "\(name)"
        self.value = value
    }

    static func `class`(_ value: String) -> Attribute { Attribute("class", value) }

    /// A length or coordinate: two decimals are a hundredth of a pixel.
    init(_ name: StaticString, _ value: Double) {
        self.init(name, Figure.coordinate(value))
    }
}

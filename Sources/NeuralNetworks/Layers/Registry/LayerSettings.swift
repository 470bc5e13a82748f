import Tensors

/// The settings of one layer, complete and each of the form that its kind declares. Asking for one that is not declared,
/// or as something else than declared, is a mistake in the layer's code.
struct LayerSettings {
    /// Names the layer in errors.
    let position: LayerPosition
    let values: [String: LayerValue]

    func integer(_ name: String) -> Int {
        guard case .integer(let value) = values[name] else { preconditionFailure("\(name) is no integer") }
        return value
    }

    /// Nil if the setting was left out.
    func optionalInteger(_ name: String) -> Int? {
        values[name] == nil ? nil : integer(name)
    }

    /// A pair, or an integer for both.
    func sides(_ name: String) -> Sides {
        guard let sides = values[name]?.sides else { preconditionFailure("\(name) is no pair") }
        return Sides(height: sides.height, width: sides.width)
    }

    func number(_ name: String) -> Double {
        guard case .number(let value) = values[name] else { preconditionFailure("\(name) is no number") }
        return value
    }

    func bool(_ name: String) -> Bool {
        guard case .bool(let value) = values[name] else { preconditionFailure("\(name) is not true or false") }
        return value
    }

    func text(_ name: String) -> String {
        guard case .text(let value) = values[name] else { preconditionFailure("\(name) is no text") }
        return value
    }

    /// Nil if the setting was left out.
    func optionalNumber(_ name: String) -> Double? {
        values[name] == nil ? nil : number(name)
    }

    /// Nil if the setting was left out.
    func optionalText(_ name: String) -> String? {
        values[name] == nil ? nil : text(name)
    }

    func integers(_ name: String) -> [Int] {
        guard case .integers(let value) = values[name] else { preconditionFailure("\(name) is no list") }
        return value
    }

    func layers(_ name: String) -> [LayerSpecification] {
        guard case .layers(let value) = values[name] else { preconditionFailure("\(name) is no list of layers") }
        return value
    }
}

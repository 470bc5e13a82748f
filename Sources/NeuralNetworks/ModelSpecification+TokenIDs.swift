extension ModelSpecification {
    /// Token ids that the network has vectors for, where it begins with an embedding; nil: its input is numbers.
    package var embeddedIDs: Int? {
        var layers = layers
        while let first = layers.first {
            if first.kind == "embedding", case .integer(let ids)? = first.settings["vocabulary"] { return ids }
            // What stands first in a container takes the network's input.
            guard case .layers(let inner)? = first.settings["layers"] else { return nil }
            layers = inner
        }
        return nil
    }
}

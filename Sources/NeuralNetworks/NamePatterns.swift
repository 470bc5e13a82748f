/// Names of parameters, such as those that stay as they are: `0.weight`, `3` for all of layer 3, or `*.bias`; `*` stands
/// for any text and `?` for one character.
struct NamePatterns: Sendable {
    let patterns: [String]

    /// Whether a parameter is named, itself or as part of a layer that is.
    func match(_ name: String) -> Bool {
        patterns.contains { Self.matches($0, name) }
    }

    static func matches(_ pattern: String, _ name: String) -> Bool {
        matches(Array(pattern.utf8)[...], Array(name.utf8)[...])
    }

    /// With one step back to the last star, which is enough: a later star can take over what an earlier one would.
    private static func matches(_ pattern: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>) -> Bool {
        let (star, any, dot) = (UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "."))
        var (place, index) = (pattern.startIndex, name.startIndex)
        var retry: (place: Int, index: Int)?
        while true {
            if place == pattern.endIndex, index == name.endIndex || name[index] == dot { return true }
            if place < pattern.endIndex, pattern[place] == star {
                retry = (place + 1, index)
                place += 1
            } else if place < pattern.endIndex, index < name.endIndex,
                pattern[place] == any || pattern[place] == name[index]
            {
                (place, index) = (place + 1, index + 1)
            } else if let back = retry, back.index < name.endIndex {
                retry = (back.place, back.index + 1)
                (place, index) = (back.place, back.index + 1)
            } else {
                return false
            }
        }
    }
}

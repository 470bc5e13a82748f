/// The token ids that a network takes, where its input is ids and no quantities.
package struct TokenIDs: Sendable, Equatable {
    /// How many there are, from 0.
    var count: Int
    /// Where the job says so.
    var key: [String] = []

    /// Whether the network has a vector for a number, as it sees it.
    package func contains(_ number: Float) -> Bool {
        number == TextEncoding.padding || (number >= 0 && number < Float(count) && number == number.rounded())
    }

    /// Where the job would say what mends a number that is none: a larger vocabulary, if that does.
    func key(for number: Float) -> [String] { number >= Float(count) && number == number.rounded() ? key : [] }

    /// For messages about a number that is none.
    var expectation: String { "expected \(words)" }

    /// What a number has to be.
    package var words: String {
        "a whole number from 0 to \(count - 1), as the model's vocabulary is \(count), or -1 for padding"
    }
}

extension TokenIDs {
    /// Those that a client gives as numbers; nil where the network takes no ids, or where they are only made of what the
    /// client gives.
    ///
    /// - Parameter count: how many the network has vectors for; nil: it takes no ids.
    package init?(_ count: Int?, givenTo preprocessing: Preprocessing) {
        guard let count, preprocessing.keepsNumbers else { return nil }
        self.init(count: count)
    }
}

extension Preprocessing {
    /// The network sees each raw number as it is.
    fileprivate var keepsNumbers: Bool {
        switch form {
        case .rows:
            offsets.allSatisfy { $0 == 0 } && scales.allSatisfy { $0 == 1 }
                && features.allSatisfy { feature in
                    if case .category = feature.kind { false } else { feature.bounds == nil }
                }
        case .tensor(let tensor): tensor.offsets.allSatisfy { $0 == 0 } && tensor.scales.allSatisfy { $0 == 1 }
        case .text: false
        }
    }
}

extension DataSpecification {
    /// Keys of the job that change numbers, as nothing may where these are token ids.
    package var keysThatChangeNumbers: [[String]] {
        // Of texts ids are made, which is told where the texts are asked for.
        guard text == nil else { return [] }
        var keys: [[String]] = normalize == .none ? [] : [["data", "normalize"]]
        keys += cleaning.clip.keys.sorted().filter { series != nil || !targets.contains($0) }.map {
            ["data", "clean", "clip", $0]
        }
        if let augmentation {
            if augmentation.noise > 0 { keys.append(["data", "augment", "noise"]) }
            if augmentation.mixup > 0 { keys.append(["data", "augment", "mixup"]) }
        }
        return keys
    }

    /// What is said of each of them.
    package static let idsAreNames =
        "the model begins with an embedding, so the numbers are token ids, which are names: leave it out"
}

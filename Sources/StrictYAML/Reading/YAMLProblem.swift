/// One thing that is wrong in a YAML file.
package struct YAMLProblem: Error, Sendable, Equatable {
    package var place: YAMLPlace
    /// Of the key, such as `train.optimizer.name` or `model.layers[2]`; empty for the file as a whole.
    package var path: String
    package var message: String

    package init(place: YAMLPlace, path: String, message: String) {
        self.place = place
        self.path = path
        self.message = message
    }

    /// As compilers write it, so that editors find the place.
    package func description(in file: String) -> String {
        let subject = path.isEmpty ? message : "\(path): \(message)"
        return switch place {
        case .file(let line, let column): "\(file):\(line):\(column): \(subject)"
        case .override(let override): "\(override.option): \(subject)"
        }
    }
}

/// A YAML file that does not say what it should: all problems at once.
package struct YAMLError: Error, Sendable, Equatable, CustomStringConvertible {
    package var file: String
    /// At least one, in order of the file; those of overrides last.
    package var problems: [YAMLProblem]

    package init(file: String, problems: [YAMLProblem]) {
        self.file = file
        self.problems = problems.sorted { Self.order($0.place) < Self.order($1.place) }
    }

    package var description: String {
        problems.map { $0.description(in: file) }.joined(separator: "\n")
    }

    private static func order(_ place: YAMLPlace) -> (Int, Int) {
        switch place {
        case .file(let line, let column): (line, column)
        case .override: (.max, .max)
        }
    }
}

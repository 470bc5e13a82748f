import Foundation

/// `[--epochs N] [--data FILE] [--output FILE]`
struct Arguments {
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    var epochs = 20
    var data = "examples/data/breast-cancer.csv"
    /// Where rank 0 writes the parameters; nil: nowhere.
    var output: URL?

    init(_ words: some Sequence<String>) throws {
        var words = words.makeIterator()
        while let option = words.next() {
            guard let value = words.next() else { throw Problem(description: "\(option) needs a value") }
            switch option {
            case "--epochs":
                guard let count = Int(value) else {
                    throw Problem(description: "--epochs is '\(value)', expected a number")
                }
                epochs = count
            case "--data": data = value
            case "--output": output = URL(filePath: value)
            default:
                throw Problem(description: "unknown option \(option), expected --epochs, --data or --output")
            }
        }
    }
}

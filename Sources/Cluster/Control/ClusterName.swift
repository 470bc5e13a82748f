/// The rule for names of models, jobs and aliases: they appear in URLs, file names and command lines.
package enum ClusterName {
    package static func isValid(_ name: String) -> Bool {
        let scalars = Array(name.unicodeScalars)
        guard (1...64).contains(scalars.count), isAlphanumeric(scalars[0]) else { return false }
        return scalars.allSatisfy { isAlphanumeric($0) || $0 == "-" || $0 == "_" || $0 == "." }
    }

    package static func expectation(for what: String, got name: String) -> String {
        "\(what) is '\(name)', expected 1 to 64 letters, digits, '-', '_' or '.', beginning with a letter or digit"
    }

    private static func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": true
        default: false
        }
    }
}

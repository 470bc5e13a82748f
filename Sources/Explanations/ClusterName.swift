/// The rules for names of models, jobs and aliases: they appear in URLs, file names and command lines.
package enum ClusterName {
    package static func isValid(_ name: String) -> Bool {
        let scalars = Array(name.unicodeScalars.prefix(longest + 1))
        guard (1...longest).contains(scalars.count), isAlphanumeric(scalars[0]) else { return false }
        return scalars.allSatisfy { isAlphanumeric($0) || $0 == "-" || $0 == "_" || $0 == "." }
    }

    /// An alias is looked for where the number of a version is: digits alone are always a version, and would never
    /// answer.
    package static func isValidAlias(_ name: String) -> Bool {
        isValid(name) && !name.unicodeScalars.allSatisfy(isDigit)
    }

    package static let rule = "1 to 64 letters, digits, '-', '_' or '.', beginning with a letter or digit"
    package static let aliasRule = rule + ", and not digits alone, which are a version's number"

    package static func expectation(for what: String, got name: String) -> String {
        "\(what) is \(quoted(name)), expected \(rule)"
    }

    package static func aliasExpectation(got name: String) -> String {
        "the alias is \(quoted(name)), expected \(aliasRule)"
    }

    /// A name as it was typed, as far as it fits into a line.
    package static func quoted(_ name: String) -> String {
        name.utf8.count <= longest
            ? "'\(name)'" : "'\(name.shortened(toBytes: longest))' (\(name.utf8.count) bytes)"
    }

    private static let longest = 64

    private static func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z": true
        default: isDigit(scalar)
        }
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
}

extension String {
    /// Control characters written out, such as `\u{1B}` and `\n`: text of others must neither steer a terminal nor look
    /// like lines of ours.
    ///
    /// - Parameter kept: those that are meant.
    package func escapingControls(keeping kept: String = "") -> String {
        guard unicodeScalars.contains(where: \.isControl) else { return self }
        var text = ""
        for scalar in unicodeScalars {
            if scalar.isControl, !kept.unicodeScalars.contains(scalar) {
                text += scalar.escaped(asASCII: true)
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

extension Unicode.Scalar {
    /// Those that move a terminal's cursor or change how it writes, and the separators of lines.
    fileprivate var isControl: Bool {
        switch value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: true
        // What turns the direction of writing around for all that follows.
        case 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}

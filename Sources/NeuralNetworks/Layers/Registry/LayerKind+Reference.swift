extension LayerKind {
    /// All kinds and their settings as a table in Markdown, and which are activations; docs/job-file.md has it.
    public static var reference: String {
        let rows = all.flatMap { kind in
            let names = ([kind.name] + kind.aliases).map { "`\($0)`" }.joined(separator: ", ")
            return [row([names, "", "", "", kind.summary])]
                + kind.settings.map { row(["", "`\($0.name)`", $0.form.words, $0.fallbackWords, $0.summary]) }
        }
        let header = [row(["layer", "setting", "value", "default", "meaning"]), "|---|---|---|---|---|"]
        let activations = activations.map { "`\($0.name)`" }.joined(separator: ", ")
        let footer = ["", "Activations, which `activation` of the families `mlp` and `cnn` may name: \(activations)."]
        return (header + rows + footer).joined(separator: "\n") + "\n"
    }

    private static func row(_ cells: [String]) -> String {
        "|" + cells.map { $0.isEmpty ? " |" : " \($0) |" }.joined()
    }
}

extension LayerSetting {
    /// What the reference says about leaving it out, and whether it may stand alone.
    fileprivate var fallbackWords: String {
        let words =
            switch fallback {
            case .required: "required"
            case .absent: "none"
            case .value(.layers([])): "none"
            case .value(.text(let name)): "`\(name)`"
            case .value(let value): "\(value)"
            case .derived(let rule, _): rule
            }
        return standsAlone ? "\(words); may stand alone" : words
    }
}

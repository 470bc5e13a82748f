/// A setting of the command line that wins over the file.
package struct YAMLOverride: Sendable, Equatable {
    /// `key.path=value`, where the value is YAML.
    package let setting: String
    /// As it was given, for messages.
    package let option: String

    /// One of `--set`.
    package init(_ setting: String) {
        self.setting = setting
        option = "--set \(setting)"
    }

    /// One that an option of its own stands for, such as `--workers 2`.
    package init(_ key: String, to value: String, by option: String) {
        setting = "\(key)=\(value)"
        self.option = "\(option) \(value)"
    }
}

extension YAMLOverride: ExpressibleByStringLiteral {
    package init(stringLiteral setting: String) { self.init(setting) }
}

/// One version of one model, as requests name it.
package struct ModelKey: Hashable, Sendable, CustomStringConvertible {
    package let model: String
    package let version: Int

    package init(model: String, version: Int) {
        self.model = model
        self.version = version
    }

    package var description: String { "\(model):\(version)" }
}

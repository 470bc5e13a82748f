import Explanations
package import ClusterProtocol
import Training

/// Has an alias stand for a version. Answered once that is so for all gateways, or at the end of their time.
package struct PromoteVersion: OperatorCall {
    package typealias Answer = PromotionOutcome
    package static let kind = MessageKind.promoteVersion

    package var name: String
    package var version: Int
    package var alias: String
    /// Whether a version is taken that misses its gate.
    package var force: Bool
    package var reason: String

    package init(name: String, version: Int, alias: String, force: Bool, reason: String) {
        self.name = name
        self.version = version
        self.alias = alias
        self.force = force
        self.reason = reason
    }

    package func check() throws(DocumentProblem) {
        try Check.name(name, "the model")
        try Check.name(alias, "the alias", isValid: ClusterName.isValidAlias, rule: ClusterName.aliasRule)
        try Check.count(version, "version", in: 1...Check.largestCount)
        try Check.text(reason, "the reason", atMost: 4096)
    }
}

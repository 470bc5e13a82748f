package import Digests
import Foundation

/// The SHA-256 of all that a control plane is, in its exact JSON: two that agree in it go on alike.
package struct StateDigest: Codable, Sendable, Hashable, CustomStringConvertible {
    package let value: ContentDigest

    /// Throws what the JSON encoder says.
    package init(of plane: ControlPlane) throws {
        self.init(ofExactJSON: [UInt8](try ExactJSON.encoder().encode(plane)))
    }

    /// Of a control plane that was written down.
    package init(ofExactJSON json: [UInt8]) {
        value = ContentDigest(of: json)
    }

    package init(from decoder: any Decoder) throws {
        value = try ContentDigest(from: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        try value.encode(to: encoder)
    }

    package var description: String { value.description }
}

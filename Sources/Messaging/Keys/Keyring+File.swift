import Explanations
package import Foundation

extension Keyring: Codable {
    private enum CodingKeys: CodingKey {
        case entries
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let entries = try container.decode([Entry].self, forKey: .entries)
        do throws(Problem) {
            try self.init(entries)
        } catch {
            throw DecodingError.dataCorruptedError(
                forKey: .entries, in: container, debugDescription: error.description)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(entries, forKey: .entries)
    }
}

/// `keyring.json`, mode 0644: public keys only, but whoever writes to it decides who is admitted.
extension Keyring {
    package init(contentsOf url: URL) throws(KeyError) {
        let content = try KeyFile.read(url, forbidden: 0o022, expectedMode: "644")
        do {
            self = try JSONDecoder().decode(Keyring.self, from: Data(content))
        } catch {
            throw .invalid(path: url.path, expected: "a keyring in JSON", got: error.explanation)
        }
    }

    /// Replaces the file in one step.
    package func save(to url: URL) throws(KeyError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        do {
            let json = try encoder.encode(self)
            try KeyFile.replace(url, mode: 0o644, content: Array(json) + [UInt8(ascii: "\n")])
        } catch let error as KeyError {
            throw error
        } catch {
            throw .invalid(path: url.path, expected: "a keyring that can be written as JSON", got: error.explanation)
        }
    }
}

public import Digests
import Foundation

extension Manifest {
    public static let fileName = "manifest.json"
    /// The file of a version that holds the weights.
    public static let weightsFileName = "model.safetensors"
    /// What this version of Martlet writes and reads.
    public static let currentFormat = 1

    /// Canonical JSON, keys in order, so that the same manifest always has the same digest. Throws `ManifestError` for
    /// golden rows that prove nothing because they hold a figure that is not finite.
    public func encoded() throws(ManifestError) -> [UInt8] {
        guard (golden.input + golden.output + [golden.tolerance]).allSatisfy(\.isFinite) else {
            throw ManifestError(reason: "the golden rows or their outputs hold a figure that is not finite")
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(self))
        } catch {
            throw ManifestError(reason: "it cannot be written as JSON: \(error)")
        }
    }

    /// The digest of the canonical JSON, by which the version is known everywhere.
    public func digest() throws(ManifestError) -> ContentDigest {
        ContentDigest(of: try encoded())
    }

    public static func decode(_ bytes: [UInt8]) throws(ManifestError) -> Manifest {
        let data = Data(bytes)
        let decoder = JSONDecoder()
        do {
            // The format first: another one may lack any of the other keys.
            let format = try decoder.decode(FormatOnly.self, from: data).format
            guard format == currentFormat else {
                throw ManifestError(
                    reason: "it has format \(format), this version of Martlet reads format \(currentFormat)")
            }
            let manifest = try decoder.decode(Manifest.self, from: data)
            try manifest.check()
            return manifest
        } catch let error as ManifestError {
            throw error
        } catch let error as DecodingError {
            throw ManifestError(decoding: error)
        } catch {
            throw ManifestError(reason: "\(error)")
        }
    }

    /// The file of this name. Throws if the manifest lists none.
    public func file(named name: String) throws(ManifestError) -> File {
        guard let file = files.first(where: { $0.name == name }) else {
            throw ManifestError(reason: "it lists no file '\(name)'")
        }
        return file
    }

    private struct FormatOnly: Decodable {
        var format: Int
    }

    /// Names become paths and sizes become buffers at whoever loads the version.
    private func check() throws(ManifestError) {
        var names: Set<String> = []
        for file in files {
            guard !file.name.isEmpty, !file.name.hasPrefix("."), !file.name.contains("/"),
                names.insert(file.name).inserted
            else { throw ManifestError(reason: "files: '\(file.name)' is not a file name, or listed twice") }
            guard file.bytes >= 0 else { throw ManifestError(reason: "files: '\(file.name)' has \(file.bytes) bytes") }
        }
        guard golden.rows >= 1, golden.input.count.isMultiple(of: golden.rows),
            golden.interval != nil || golden.output.count.isMultiple(of: golden.rows)
        else { throw ManifestError(reason: "golden: the figures do not make \(golden.rows) rows") }
        guard golden.interval ?? 1 >= 1 else {
            throw ManifestError(reason: "golden.interval: expected at least 1, found \(golden.interval ?? 1)")
        }
    }
}

/// A manifest that cannot be written or read.
public struct ManifestError: Error, Equatable, CustomStringConvertible {
    public var reason: String

    public var description: String { "\(Manifest.fileName): \(reason)" }

    init(reason: String) {
        self.reason = reason
    }

    init(decoding error: DecodingError) {
        func place(_ context: DecodingError.Context) -> String {
            context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
        }
        reason =
            switch error {
            case .keyNotFound(let key, let context):
                "the key '\(key.stringValue)' is missing\(context.codingPath.isEmpty ? "" : " in \(place(context))")"
            case .typeMismatch(let type, let context): "\(place(context)): expected \(type)"
            case .valueNotFound(let type, let context): "\(place(context)): expected \(type), found null"
            case .dataCorrupted(let context) where context.codingPath.isEmpty: "it is not JSON"
            case .dataCorrupted(let context): "\(place(context)): \(context.debugDescription)"
            @unknown default: "\(error)"
            }
    }
}

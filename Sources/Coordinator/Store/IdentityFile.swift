import ClusterProtocol
import Files
import Foundation

/// Which cluster a coordinator's folder belongs to, in a file beside the database.
///
/// SQLite opens a database whose log is lost as what is left of it, at worst as a new and empty one, and has no way to
/// tell. This file, written once when the cluster is made, is what the database is held against.
struct IdentityFile: Sendable {
    static let name = "identity.json"

    private struct Content: Codable {
        var cluster: String
    }

    let url: URL

    init(in folder: URL) {
        url = folder.appending(path: Self.name)
    }

    /// Nil where there is none.
    func read() throws -> String? {
        guard let text = try DurableFile.read(url) else { return nil }
        guard let content = try? ClusterJSON.decoder().decode(Content.self, from: Data(text.utf8)),
            !content.cluster.isEmpty
        else { throw StateError.damagedIdentity(file: url.path) }
        return content.cluster
    }

    func write(_ cluster: String) throws {
        try DurableFile.write(try ClusterJSON.text(Content(cluster: cluster)) + "\n", to: url)
    }

    /// Whether a database in which the cluster `found` was found may be opened, or, with none found, be made new.
    ///
    /// - Parameters:
    ///   - recorded: what the file says; nil for a folder without one, as earlier versions left it.
    ///   - holdsContent: whether there is content beside the database.
    static func check(
        recorded: String?, found: String?, holdsContent: Bool, database: String
    ) throws(StateError) {
        if let recorded {
            guard recorded == found else {
                throw .lostIdentity(file: database, recorded: recorded, found: found)
            }
        } else if found == nil, holdsContent {
            throw .contentWithoutState(file: database)
        }
    }
}

package import Digests

/// A content that the state refers to and that the store does not hold as it should.
package struct ContentGap: Codable, Sendable, Equatable, CustomStringConvertible {
    package enum Problem: String, Codable, Sendable {
        case missing, unreadable, damaged
    }

    package var digest: ContentDigest
    package var problem: Problem
    /// Such as `digits:1` and `digits-7`; empty where nothing refers to it.
    package var neededBy: [String]

    package init(digest: ContentDigest, problem: Problem, neededBy: [String]) {
        self.digest = digest
        self.problem = problem
        self.neededBy = neededBy
    }

    package var description: String {
        let users = neededBy.isEmpty ? "nothing needs it" : "\(neededBy.joined(separator: ", ")) cannot do without it"
        return "content \(digest) is \(problem.rawValue): \(users)"
    }

    /// All of them on one line, as far as anyone reads it.
    package static func words(_ gaps: [ContentGap]) -> String {
        let shown = gaps.prefix(20).map(\.description).joined(separator: "; ")
        return gaps.count > 20 ? "\(shown); and \(gaps.count - 20) more" : shown
    }

    /// What to do about some of them.
    package static func remedy(_ gaps: [ContentGap]) -> String {
        var ways: [String] = []
        if gaps.contains(where: { $0.neededBy.isEmpty }) { ways.append("`martlet gc` removes what nothing needs") }
        if gaps.contains(where: { !$0.neededBy.isEmpty }) {
            ways.append(
                "train again what needs it, from the same job file and data: data and weights come out as the same bytes and "
                    + "are stored anew, of a version that lacks its manifest there is a new one to promote instead; or put a "
                    + "backup back (`martlet cluster restore`); or delete what needs it (`martlet model delete`, "
                    + "`martlet job cancel`)")
        }
        return ways.joined(separator: "; ")
    }
}

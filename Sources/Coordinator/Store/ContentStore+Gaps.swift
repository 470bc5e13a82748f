package import ControlPlane
package import JobProtocol
package import Checkpoints
package import Digests

extension ContentStore {
    /// What of these contents is not there, or not as long as it should be; none is read. Blocks on the disk.
    package func gaps(in needs: [ContentDigest: ContentNeed]) -> [ContentGap] {
        let empty = ContentDigest(of: [])
        return needs.sorted { $0.key.description < $1.key.description }.compactMap { digest, need in
            guard contains(digest) else { return ContentGap(digest: digest, problem: .missing, neededBy: need.users) }
            guard let bytes = try? size(of: digest) else {
                return ContentGap(digest: digest, problem: .unreadable, neededBy: need.users)
            }
            let isWhole = need.bytes.map { $0 == bytes } ?? (bytes > 0 || digest == empty)
            return isWhole ? nil : ContentGap(digest: digest, problem: .damaged, neededBy: need.users)
        }
    }

    package func isReadable(_ digest: ContentDigest) -> Bool { (try? size(of: digest)) != nil }

    /// The same, and whether each content that is there, needed or not, has the bytes that its digest says. Reads all of
    /// it: blocks for long.
    package func gapsByReading(in needs: [ContentDigest: ContentNeed]) throws -> [ContentGap] {
        var gaps = gaps(in: needs)
        let known = Set(gaps.map(\.digest))
        for content in try listing().contents where !known.contains(content.digest) {
            do {
                try verify(content.digest)
            } catch {
                gaps.append(
                    ContentGap(
                        digest: content.digest, problem: .damaged, neededBy: needs[content.digest]?.users ?? []))
            }
        }
        return gaps
    }
}

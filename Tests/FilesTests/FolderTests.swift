import Files
import Foundation
import Testing

@Suite struct FolderTests {
    private func failure(_ url: URL) -> String? {
        do {
            try Folder.make(url)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func whatLiesInItsPlaceIsNamed() throws {
        let folder = try TemporaryFolder()
        let place = folder.url.appending(path: "a")
        let below = place.appending(path: "b/c")
        #expect(failure(below) == nil && failure(below) == nil)
        #expect(Folder.obstacle(at: below.path) == nil)
        try FileManager.default.removeItem(at: place)
        #expect(Folder.obstacle(at: place.path) == nil)
        try Data().write(to: place)
        let words = "\(place.path) cannot be used as a folder: it is a file, expected a folder"
        #expect(failure(place) == words && failure(below) == words)
        #expect(Folder.obstacle(at: place.path)?.description == words)
        try FileManager.default.removeItem(at: place)
        try FileManager.default.createSymbolicLink(
            at: place, withDestinationURL: folder.url.appending(path: "nowhere"))
        #expect(failure(place)?.contains("a link that leads nowhere") == true)
    }

    @Test func theModeIsOfWhatIsMade() throws {
        let folder = try TemporaryFolder()
        let place = folder.url.appending(path: "a")
        try Folder.make(place, mode: 0o700)
        #expect(status(of: place.path).st_mode & 0o777 == 0o700)
    }
}

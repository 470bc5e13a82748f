import Foundation
import Testing

@testable import Files

@Suite struct InputFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func failure(_ path: String, limit: Int = 10) -> String? {
        do throws(FileError) {
            _ = try InputFile.bytes(of: path, limit: limit)
            return nil
        } catch {
            return error.description
        }
    }

    @Test func readsUpToTheLimit() throws {
        let path = try folder.write("0123456789", to: "a")
        #expect(try InputFile.bytes(of: path, limit: 10) == Array("0123456789".utf8))
        #expect(failure(path, limit: 9) == "\(path) cannot be read: it has 10 bytes, at most 9 are read")
        let empty = try folder.write("", to: "b")
        #expect(try InputFile.bytes(of: empty, limit: 0) == [])
    }

    /// Its size says nothing, so only reading tells.
    @Test func takesNoMoreOfADeviceThanTheLimit() {
        #expect(failure("/dev/zero") == "/dev/zero cannot be read: it has more than the 10 bytes that are read at most")
        #expect(
            failure("/proc/self/maps")
                == "/proc/self/maps cannot be read: it has more than the 10 bytes that are read at most")
    }

    @Test func whatCannotBeReadIsNamedWithItsReason() {
        let path = folder.path("none")
        #expect(failure(path) == "\(path) cannot be read: No such file or directory")
        #expect(failure(folder.url.path) == "\(folder.url.path) cannot be read: it is a folder, expected a file")
        #expect(failure("/proc/self/mem") == "/proc/self/mem cannot be read: Input/output error")
    }
}

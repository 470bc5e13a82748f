import Explanations
import Files
import Foundation
import Logging
import Synchronization

/// The file in which a process says where it is reached, for whoever started it; it is there as long as the process listens.
final class EndpointFile: Sendable {
    private let file: URL?
    private let logger: Logger
    private let endpoint = Mutex<String?>(nil)

    /// - Parameter file: nil where nobody looks for it, on another machine.
    init(_ file: URL?, logger: Logger) {
        self.file = file
        self.logger = logger
    }

    /// Writes the address down.
    func write(_ endpoint: String) {
        self.endpoint.withLock { $0 = endpoint }
        guard let file else { return }
        do {
            try Self.write(endpoint, to: file)
        } catch {
            // Peers know it from the coordinator, and it is of more use than its address in a file.
            logger.error("the address is not written down", metadata: ["reason": "\(error.explanation)"])
        }
    }

    /// Writes it down again whenever somebody has removed the file, until the task is cancelled. A file that holds
    /// something else is left, and so is its folder where that is gone: commands say so of both.
    func keep(every interval: Duration = .seconds(1)) async {
        guard let file else { return }
        while (try? await Task.sleep(for: interval)) != nil {
            guard let endpoint = endpoint.withLock({ $0 }) else { continue }
            var status = stat()
            guard stat(file.path, &status) != 0, errno == ENOENT,
                stat(file.deletingLastPathComponent().path, &status) == 0
            else { continue }
            // A disk that is full is tried again, and nothing is said of it each time.
            guard (try? Self.write(endpoint, to: file)) != nil else { continue }
            logger.warning(
                "the file with the address was gone, and was written again", metadata: ["file": "\(file.path)"])
        }
    }

    private static func write(_ endpoint: String, to file: URL) throws {
        try SmallFile.write(Array((endpoint + "\n").utf8), to: file.path)
    }
}

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
            try SmallFile.write(Self.bytes(of: endpoint), to: file.path)
        } catch {
            // Peers know it from the coordinator, and it is of more use than its address in a file.
            logger.error("the address is not written down", metadata: ["reason": "\(error.explanation)"])
        }
    }

    /// Writes it down again whenever the file is gone or holds something else, until the task is cancelled. Its folder is
    /// left where that is gone, and so is a folder in its place: commands say so of both.
    func keep(every interval: Duration = .seconds(1)) async {
        guard let file else { return }
        // Of what goes on, a full disk for one, it is said once.
        var isTold = false
        while (try? await Task.sleep(for: interval)) != nil {
            guard let endpoint = endpoint.withLock({ $0 }) else { continue }
            var status = stat()
            guard stat(file.deletingLastPathComponent().path, &status) == 0 else { continue }
            let bytes = Self.bytes(of: endpoint)
            if (try? SmallFile.read(file.path, limit: bytes.count)) == bytes {
                isTold = false
                continue
            }
            do {
                try SmallFile.write(bytes, to: file.path)
                logger.warning(
                    "the file with the address was gone or held something else, and was written again",
                    metadata: ["file": "\(file.path)"])
                isTold = false
            } catch {
                if !isTold {
                    logger.warning(
                        "the address cannot be written down again", metadata: ["reason": "\(error.explanation)"])
                }
                isTold = true
            }
        }
    }

    private static func bytes(of endpoint: String) -> [UInt8] { Array((endpoint + "\n").utf8) }
}

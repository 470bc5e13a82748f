import Files
import Foundation

extension URL {
    /// The file that a command names to be read as a whole; `-` is standard input.
    init(argument: String) {
        self.init(filePath: argument == "-" ? "/dev/stdin" : HomeFolder.expand(argument))
    }
}

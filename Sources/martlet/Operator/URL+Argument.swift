import Files
import Foundation

extension URL {
    /// The file that a command names to be read as a whole; `-` is standard input.
    init(argument: String) {
        if argument.hasPrefix("~/") {
            // In quotes, or from a variable: the shell has not looked at it.
            self.init(written: argument, in: HomeFolder.of())
        } else {
            self.init(filePath: argument == "-" ? "/dev/stdin" : argument)
        }
    }
}

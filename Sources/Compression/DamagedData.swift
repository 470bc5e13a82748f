/// Compressed data that zlib cannot read.
package struct DamagedData: Error, CustomStringConvertible {
    /// What zlib says of it.
    package let reason: String

    package var description: String { "the compressed data is damaged: \(reason)" }
}

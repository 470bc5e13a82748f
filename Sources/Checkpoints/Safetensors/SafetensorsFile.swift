public import Foundation

/// An open safetensors file whose header was read and checked. Its tensors are read on demand.
public final class SafetensorsFile: Sendable {
    public let layout: SafetensorsLayout
    private let file: StoredFile

    /// Throws `SafetensorsError`, or `StoreError` if the file cannot be read.
    public init(contentsOf url: URL) throws {
        let file = try StoredFile(reading: url)
        let size = try file.size()
        let prefix = try file.read(at: 0, count: min(size, SafetensorsLayout.lengthBytes))
        let length = try SafetensorsLayout.headerLength(prefix, fileBytes: size)
        let header = try file.read(at: 0, count: SafetensorsLayout.lengthBytes + length)
        layout = try SafetensorsLayout(parsing: header, fileBytes: size)
        self.file = file
    }

    /// Copies a tensor's bytes; `target` must be as long as they are. Throws if there is no such tensor.
    public func read(_ name: String, into target: UnsafeMutableRawBufferPointer) throws {
        guard let tensor = layout.tensor(named: name) else { throw SafetensorsError.noSuchTensor(name) }
        guard tensor.bytes.count == target.count else {
            throw SafetensorsError.wrongSize(tensor: name, expected: target.count, found: tensor.bytes.count)
        }
        try file.read(into: target, at: tensor.bytes.lowerBound)
    }
}

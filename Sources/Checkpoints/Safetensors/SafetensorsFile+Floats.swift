extension SafetensorsLayout.ElementType {
    /// Whether `SafetensorsFile.readFloats` takes it: floats of any width, and the 64-bit integers by which PyTorch
    /// counts batches.
    public var isReadAsFloats: Bool {
        switch self {
        case .float16, .bfloat16, .float32, .float64, .int64: true
        default: false
        }
    }
}

extension SafetensorsFile {
    /// Reads a tensor as 32-bit floats; wider numbers are rounded.
    ///
    /// - Parameters:
    ///   - values: as many as the tensor has.
    /// - Throws: `SafetensorsError` if there is no such tensor; whether its type can be read is for the caller to know.
    public func readFloats(_ name: String, into values: UnsafeMutablePointer<Float>) throws {
        guard let tensor = layout.tensor(named: name) else { throw SafetensorsError.noSuchTensor(name) }
        precondition(tensor.elementType.isReadAsFloats, "\(name) holds \(tensor.elementType.rawValue)")
        let count = tensor.shape.reduce(1, *)
        guard tensor.elementType != .float32 else {
            return try read(name, into: UnsafeMutableRawBufferPointer(start: values, count: 4 * count))
        }
        var bytes = [UInt8](repeating: 0, count: tensor.bytes.count)
        try bytes.withUnsafeMutableBytes { try read(name, into: $0) }
        bytes.withUnsafeBytes { bytes in
            func load<Value: FixedWidthInteger>(_ index: Int, as type: Value.Type) -> Value {
                let offset = index * MemoryLayout<Value>.size
                return Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type))
            }
            for index in 0..<count {
                values[index] =
                    switch tensor.elementType {
                    case .float64: Float(Double(bitPattern: load(index, as: UInt64.self)))
                    case .float16: Float(Float16(bitPattern: load(index, as: UInt16.self)))
                    case .bfloat16: Float(bitPattern: UInt32(load(index, as: UInt16.self)) << 16)
                    default: Float(load(index, as: Int64.self))
                    }
            }
        }
    }
}

import CWire

extension TensorDescription {
    /// The number of elements; nil when it does not fit an `Int` or a dimension is negative.
    package var elementCount: Int? {
        var product = 1
        for dimension in shape {
            guard dimension >= 0 else { return nil }
            let (next, overflow) = product.multipliedReportingOverflow(by: dimension)
            if overflow { return nil }
            product = next
        }
        return product
    }

    /// The bytes its payload frame must have; nil for `bytes` tensors, whose elements have lengths of their own, and
    /// for shapes that do not fit an `Int`.
    package var byteCount: Int? {
        guard let width = datatype.byteWidth, let elementCount else { return nil }
        let (bytes, overflow) = elementCount.multipliedReportingOverflow(by: width)
        return overflow ? nil : bytes
    }
}

extension TensorDescription {
    init(wire: Martlet__V1__TensorDescription, _ field: String) throws(WireError) {
        let name = try String(wire: wire.name, field + ".name")
        let datatype = try String(wire: wire.datatype, field + ".datatype")
        guard let datatype = Datatype(rawValue: datatype) else {
            throw .invalid(
                field: field + ".datatype",
                expected: "one of \(Datatype.allCases.map(\.rawValue).joined(separator: ", "))",
                got: WireError.quoted(datatype))
        }
        try Validation.count(wire.n_shape, atMost: WireLimits.rank, field + ".shape")
        var shape: [Int] = []
        shape.reserveCapacity(wire.n_shape)
        for dimension in UnsafeBufferPointer(start: wire.shape, count: wire.n_shape) {
            guard let dimension = Int(exactly: dimension) else {
                throw .invalid(field: field + ".shape", expected: "dimensions below 2^63", got: "\(dimension)")
            }
            shape.append(dimension)
        }
        self.init(name: name, datatype: datatype, shape: shape)
    }

    func validate(_ field: String) throws(WireError) {
        try Validation.bytes(name, in: 1...WireLimits.name, field + ".name")
        try Validation.count(shape.count, atMost: WireLimits.rank, field + ".shape")
        guard elementCount != nil, datatype == .bytes || byteCount != nil else {
            throw .invalid(
                field: field + ".shape", expected: "dimensions >= 0 whose product of bytes is below 2^63",
                got: "\(shape) of \(datatype.rawValue)")
        }
    }

    func fill(_ wire: inout Martlet__V1__TensorDescription, in arena: inout Arena) {
        martlet__v1__tensor_description__init(&wire)
        wire.name = arena.copy(name)
        wire.datatype = arena.copy(datatype.rawValue)
        wire.n_shape = shape.count
        wire.shape = arena.allocate(UInt64.self, count: shape.count)
        for (index, dimension) in shape.enumerated() { wire.shape[index] = UInt64(dimension) }
    }
}

/// A `repeated TensorDescription` field.
extension [TensorDescription] {
    typealias WireElements = UnsafeMutablePointer<UnsafeMutablePointer<Martlet__V1__TensorDescription>?>

    init(wire elements: WireElements?, count: Int, _ field: String) throws(WireError) {
        try Validation.count(count, atMost: WireLimits.tensors, field)
        self = []
        reserveCapacity(count)
        for element in UnsafeBufferPointer(start: elements, count: count) {
            append(try TensorDescription(wire: element!.pointee, field))
        }
    }

    func validate(_ field: String) throws(WireError) {
        try Validation.count(count, atMost: WireLimits.tensors, field)
        for tensor in self { try tensor.validate(field) }
    }

    func wire(in arena: inout Arena) -> WireElements {
        let descriptions = arena.allocate(Martlet__V1__TensorDescription.self, count: count)
        let pointers = arena.allocate(UnsafeMutablePointer<Martlet__V1__TensorDescription>?.self, count: count)
        for (index, tensor) in enumerated() {
            tensor.fill(&descriptions[index], in: &arena)
            pointers[index] = descriptions + index
        }
        return pointers
    }
}

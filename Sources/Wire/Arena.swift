import CWire

/// Memory for the C structs of one message: handed out in order, freed all at once, never more than a budget.
///
/// It is what bounds protobuf-c: a decoder that asks for more than the budget gets nothing and gives up. The first
/// kilobyte lies on the stack, which is all that a tensor segment or an inference request of one tensor needs.
struct Arena: ~Copyable {
    private static let stackBytes = 1024
    private static let alignment = 16

    private var free: UnsafeMutableRawBufferPointer
    private var budget: Int
    /// The blocks taken from the heap; the first word of each points to the one before it.
    private var blocks: UnsafeMutableRawPointer?

    private init(first: UnsafeMutableRawBufferPointer, budget: Int) {
        free = first
        self.budget = budget
    }

    deinit {
        var next = blocks
        while let block = next {
            next = block.load(as: UnsafeMutableRawPointer?.self)
            block.deallocate()
        }
    }

    /// Runs `body` with an arena of at most `budget` bytes. Everything allocated from it is gone afterwards.
    static func with<Result, Failure: Error>(
        budget: Int, _ body: (UnsafeMutablePointer<Arena>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let result = withUnsafeTemporaryAllocation(byteCount: stackBytes, alignment: alignment) {
            first -> Swift.Result<Result, Failure> in
            var arena = Arena(first: first, budget: budget)
            return withUnsafeMutablePointer(to: &arena) { arena in
                do throws(Failure) { return .success(try body(arena)) } catch { return .failure(error) }
            }
        }
        return try result.get()
    }

    /// Nil when the budget is used up.
    mutating func allocate(byteCount: Int) -> UnsafeMutableRawPointer? {
        guard byteCount <= budget else { return nil }
        let size = max(byteCount + Self.alignment - 1, Self.alignment) & -Self.alignment
        budget -= min(budget, size)
        if size > free.count {
            let blockSize = max(Self.alignment + size, 4 * Self.stackBytes)
            let block = UnsafeMutableRawBufferPointer.allocate(byteCount: blockSize, alignment: Self.alignment)
            block.baseAddress!.storeBytes(of: blocks, as: UnsafeMutableRawPointer?.self)
            blocks = block.baseAddress
            free = UnsafeMutableRawBufferPointer(rebasing: block[Self.alignment...])
        }
        defer { free = UnsafeMutableRawBufferPointer(rebasing: free[size...]) }
        return free.baseAddress!
    }
}

extension Arena {
    /// An allocator for protobuf-c. Valid as long as `arena` is.
    static func allocator(_ arena: UnsafeMutablePointer<Arena>) -> ProtobufCAllocator {
        ProtobufCAllocator(
            alloc: { arena, size in
                arena!.assumingMemoryBound(to: Arena.self).pointee.allocate(byteCount: Int(clamping: size))
            },
            free: { _, _ in },
            allocator_data: UnsafeMutableRawPointer(arena))
    }
}

/// What encoders put into the arena. They give it no bound but the address space: their values were validated.
extension Arena {
    mutating func allocate<Value: BitwiseCopyable>(_ type: Value.Type, count: Int = 1) -> UnsafeMutablePointer<Value> {
        guard let bytes = allocate(byteCount: count * MemoryLayout<Value>.stride) else {
            preconditionFailure("an encoding arena has no budget to exceed")
        }
        return bytes.bindMemory(to: Value.self, capacity: count)
    }

    /// A copy that ends in a zero byte. Text after a zero byte inside is lost, as protobuf-c has no length for it.
    mutating func copy(_ text: String) -> UnsafeMutablePointer<CChar> {
        var text = text
        return text.withUTF8 { utf8 in
            let copy = allocate(CChar.self, count: utf8.count + 1)
            utf8.withMemoryRebound(to: CChar.self) { characters in
                if let base = characters.baseAddress { copy.update(from: base, count: characters.count) }
            }
            copy[utf8.count] = 0
            return copy
        }
    }

    mutating func copy(_ bytes: [UInt8]) -> ProtobufCBinaryData {
        let copy = allocate(UInt8.self, count: bytes.count)
        bytes.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { copy.update(from: base, count: source.count) }
        }
        return ProtobufCBinaryData(len: bytes.count, data: copy)
    }
}

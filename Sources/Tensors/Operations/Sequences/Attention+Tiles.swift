import CKernels

extension Attention {
    /// Some queries of one head, and the keys that any of them may look at.
    struct Tile {
        let head: Int
        /// Position of the first query.
        let first: Int
        let rows: Int
        let columns: Int

        init(of attention: Attention, head: Int, first: Int) {
            self.head = head
            self.first = first
            rows = min(Attention.tile, attention.positions - first)
            columns = attention.mask == .causal ? first + rows : attention.keys
        }
    }

    /// Queries, keys and values of one row of the batch, all heads side by side.
    struct Operands<Pointer> {
        let queries: Pointer
        let keys: Pointer
        let values: Pointer
        /// Floats between positions.
        let queryStride: Int
        let keyStride: Int
    }

    func operands(
        _ row: Int, queries: UnsafePointer<Float>, others: UnsafePointer<Float>?
    ) -> Operands<UnsafePointer<Float>> {
        guard let others else {
            let start = queries + row * positions * 3 * width
            return Operands(
                queries: start, keys: start + width, values: start + 2 * width, queryStride: 3 * width,
                keyStride: 3 * width)
        }
        let start = others + row * keys * 2 * width
        return Operands(
            queries: queries + row * positions * width, keys: start, values: start + width, queryStride: width,
            keyStride: 2 * width)
    }

    /// 1 / sqrt(head width)
    var scale: Float { 1 / Float(headWidth).squareRoot() }

    /// Calls with the mask of a tile that begins at this query.
    func withMask(
        first: Int, ids: UnsafePointer<Float>?, _ body: (UnsafePointer<martlet_attention_mask>) -> Void
    ) {
        func call(_ added: UnsafePointer<Float>?, isCausal: Bool = false, window: Int = 0) {
            var kernelMask = martlet_attention_mask(
                added: added, added_stride: keys, ids: ids, causal: isCausal, window: window, first_row: first)
            body(&kernelMask)
        }
        switch mask {
        case .none: call(nil)
        case .causal: call(nil, isCausal: true)
        case .window(let size): call(nil, window: size)
        case .added(let values): values.withUnsafeBufferPointer { call($0.baseAddress) }
        }
    }

    /// Dropout of a tile of weights, or of their gradients.
    func drop(_ weights: UnsafeMutablePointer<Float>, of tile: Tile, row: Int, _ randomness: StepRandomness) {
        guard dropout > 0 else { return }
        let stream = RandomStream(
            seed: randomness.seed, step: UInt32(truncatingIfNeeded: randomness.step), stream: stream)
        kernels.dropout_tile(
            stream.kernel, dropout, UInt32(truncatingIfNeeded: randomness.firstRow + row),
            tile.head * positions + tile.first, weights, tile.rows, tile.columns, keys)
    }
}

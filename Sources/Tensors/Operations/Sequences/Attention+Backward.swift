import CKernels

extension Attention {
    /// With scores S, weights P = softmax(S), O = P V and dP = dO V^T: dV = P^T dO, dS = P (dP - sum of dO O over the
    /// row), dQ = dS K, dK = dS^T Q. Where weights are dropped, the P of O and dV is the dropped one, and dP is too.
    public func backward(_ pass: BackwardPass) {
        if hasPadding {
            pass.inputGradient(inputShapes.count - 1)?.update(repeating: 0, count: pass.rows * keys)
        }
        for row in 0..<pass.rows {
            let operands = operands(row, queries: pass.input(0), others: source == .own ? nil : pass.input(1))
            let gradients = gradients(row, pass)
            let ids = hasPadding ? pass.input(inputShapes.count - 1) + row * keys : nil
            for head in 0..<heads {
                // From the last tile, the only one that surely sees all keys: it writes, the others add.
                let last = (positions - 1) / Self.tile * Self.tile
                for first in stride(from: last, through: 0, by: -Self.tile) {
                    let tile = Tile(of: self, head: head, first: first)
                    backward(pass, tile, row: row, operands: operands, gradients: gradients, ids: ids)
                }
            }
        }
    }

    private func backward(
        _ pass: BackwardPass, _ tile: Tile, row: Int, operands: Operands<UnsafePointer<Float>>,
        gradients: Operands<UnsafeMutablePointer<Float>?>, ids: UnsafePointer<Float>?
    ) {
        let column = tile.head * headWidth
        let place = (row * positions + tile.first) * width + column
        let outputGradient = BLAS.Factor.plain(pass.outputGradient + place, stride: width)
        let queries = operands.queries + tile.first * operands.queryStride + column
        let weights = pass.scratch
        let slopes = weights + tileRows * keys
        let products = slopes + tileRows * keys

        multiply(
            .plain(queries, stride: operands.queryStride),
            .transposed(operands.keys + column, stride: operands.keyStride), into: weights, of: tile, scale: scale)
        multiply(
            outputGradient, .transposed(operands.values + column, stride: operands.keyStride), into: slopes, of: tile)
        drop(slopes, of: tile, row: row, pass.randomness)
        kernels.row_products(
            pass.outputGradient + place, pass.output + place, width, products, tile.rows, headWidth)
        withMask(first: tile.first, ids: ids) {
            kernels.attention_weights_backward(
                $0, scale, pass.kept + (row * heads + tile.head) * positions + tile.first, products, weights, slopes,
                tile.rows, tile.columns)
        }
        drop(weights, of: tile, row: row, pass.randomness)

        let isAdding = tile.first + tile.rows < positions
        if let target = gradients.queries {
            BLAS.multiply(
                .plain(slopes, stride: tile.columns), .plain(operands.keys + column, stride: operands.keyStride),
                into: target + tile.first * gradients.queryStride + column, stride: gradients.queryStride,
                rows: tile.rows, columns: headWidth, depth: tile.columns)
        }
        if let target = gradients.keys {
            BLAS.multiply(
                .transposed(slopes, stride: tile.columns), .plain(queries, stride: operands.queryStride),
                into: target + column, stride: gradients.keyStride, rows: tile.columns, columns: headWidth,
                depth: tile.rows, adding: isAdding)
        }
        if let target = gradients.values {
            BLAS.multiply(
                .transposed(weights, stride: tile.columns), outputGradient, into: target + column,
                stride: gradients.keyStride, rows: tile.columns, columns: headWidth, depth: tile.rows,
                adding: isAdding)
        }
    }

    /// A tile of queries x keys from one factor of queries and one of keys.
    private func multiply(
        _ left: BLAS.Factor, _ right: BLAS.Factor, into product: UnsafeMutablePointer<Float>, of tile: Tile,
        scale: Float = 1
    ) {
        BLAS.multiply(
            left, right, into: product, stride: tile.columns, rows: tile.rows, columns: tile.columns,
            depth: headWidth, scale: scale)
    }

    /// Where the gradients of the operands of a row go.
    private func gradients(_ row: Int, _ pass: BackwardPass) -> Operands<UnsafeMutablePointer<Float>?> {
        guard case .other = source else {
            let start = pass.inputGradient(0).map { $0 + row * positions * 3 * width }
            return Operands(
                queries: start, keys: start.map { $0 + width }, values: start.map { $0 + 2 * width },
                queryStride: 3 * width, keyStride: 3 * width)
        }
        let start = pass.inputGradient(1).map { $0 + row * keys * 2 * width }
        return Operands(
            queries: pass.inputGradient(0).map { $0 + row * positions * width }, keys: start,
            values: start.map { $0 + width }, queryStride: width, keyStride: 2 * width)
    }
}

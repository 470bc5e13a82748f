import CKernels

extension Recurrence {
    public func backward(_ pass: BackwardPass) {
        let scratch = Scratch(self, at: pass.scratch, rows: pass.rows)
        scratch.zeroes.update(repeating: 0, count: pass.rows * width)
        for direction in 0..<directions {
            let memory = Memory(self, at: pass.kept, rows: pass.rows, direction: direction)
            kernels.pack_panels(pass.parameter(4 * direction + 1), width, false, scratch.packed, width, gates)
            setFinalGradients(pass, direction: direction, scratch)
            for bias in 2...3 { pass.parameterGradient(4 * direction + bias).update(repeating: 0, count: gates) }
            for step in (0..<positions).reversed() {
                backward(pass, memory, direction: direction, step: step, scratch)
            }
            writeGradients(pass, memory, direction: direction, scratch)
        }
        if let inputGradient = pass.inputGradient() {
            copy(fromSteps: scratch.rest, to: inputGradient, rows: pass.rows, columns: features)
        }
    }

    /// One step: the gates become their gradients, and the gradients of the states those of the states before.
    private func backward(
        _ pass: BackwardPass, _ memory: Memory, direction: Int, step: Int, _ scratch: Scratch
    ) {
        let rows = pass.rows
        let position = memory.position(ofStep: step)
        let (before, after) = (memory.place(before: position), memory.place(after: position))
        let stepGates = memory.gates + position * rows * gates
        let hasGradient = result != .last
        let outputGradient =
            hasGradient ? pass.outputGradient + position * stateCount + direction * width : scratch.zeroes
        let stride = hasGradient ? outputShape.count : width
        let bias = pass.parameterGradient(4 * direction + 2)

        var projected = stepGates
        switch cell {
        case .tanh, .relu:
            kernels.rnn_backward(
                activation.kernel, memory.hidden + after, scratch.hiddenGradient, outputGradient, stride, stepGates,
                bias, rows, width)
        case .lstm:
            kernels.lstm_backward(
                stepGates, memory.memory + before, memory.memory + after, scratch.hiddenGradient, outputGradient,
                stride, scratch.cellGradient, bias, rows, width)
        case .gru:
            projected = projectedGradients(scratch, rows: rows) + position * rows * gates
            kernels.gru_backward(
                stepGates, projected, memory.memory + position * rows * width, memory.hidden + before,
                scratch.hiddenGradient, outputGradient, stride, bias, pass.parameterGradient(4 * direction + 3), rows,
                width)
        }
        guard step > 0 || hasInitialState else { return }
        kernels.multiply_panels(
            projected, gates, scratch.packed, scratch.hiddenGradient, width, rows, width, gates, 1, cell == .gru)
    }

    /// The gradients of the parameters, of the inputs and of the states before the first step.
    private func writeGradients(_ pass: BackwardPass, _ memory: Memory, direction: Int, _ scratch: Scratch) {
        let rows = positions * pass.rows
        let projected = cell == .gru ? projectedGradients(scratch, rows: pass.rows) : memory.gates
        pass.multiply(
            .transposed(memory.gates, stride: gates), .plain(memory.inputs, stride: features),
            into: pass.parameterGradient(4 * direction), rows: gates, columns: features, depth: rows)
        pass.multiply(
            .transposed(projected, stride: gates), .plain(memory.previousHidden, stride: width),
            into: pass.parameterGradient(4 * direction + 1), rows: gates, columns: width, depth: rows)
        if cell != .gru {
            pass.parameterGradient(4 * direction + 3)
                .update(from: pass.parameterGradient(4 * direction + 2), count: gates)
        }
        if pass.inputGradient() != nil {
            pass.multiply(
                .plain(memory.gates, stride: gates), .plain(pass.parameter(4 * direction), stride: features),
                into: scratch.rest, rows: rows, columns: features, depth: gates, adding: direction > 0)
        }
        guard hasInitialState else { return }
        writeInitialGradient(1, scratch.hiddenGradient, pass, direction: direction)
        guard cell.hasCell else { return }
        writeInitialGradient(2, scratch.cellGradient, pass, direction: direction)
    }

    private func writeInitialGradient(
        _ input: Int, _ gradient: UnsafeMutablePointer<Float>, _ pass: BackwardPass, direction: Int
    ) {
        guard let target = pass.inputGradient(input) else { return }
        for row in 0..<pass.rows {
            (target + row * stateCount + direction * width).update(from: gradient + row * width, count: width)
        }
    }

    /// The gradients of the states after the last step, as far as the result holds them by themselves.
    private func setFinalGradients(_ pass: BackwardPass, direction: Int, _ scratch: Scratch) {
        setFinalGradient(scratch.hiddenGradient, 0, result != .sequence, pass, direction: direction)
        setFinalGradient(
            scratch.cellGradient, 1, result == .sequenceAndState && cell.hasCell, pass, direction: direction)
    }

    private func setFinalGradient(
        _ gradient: UnsafeMutablePointer<Float>, _ state: Int, _ isGiven: Bool, _ pass: BackwardPass, direction: Int
    ) {
        guard isGiven else {
            gradient.update(repeating: 0, count: pass.rows * width)
            return
        }
        for row in 0..<pass.rows {
            let offset = row * outputShape.count + finalOffset(state, direction: direction)
            (gradient + row * width).update(from: pass.outputGradient + offset, count: width)
        }
    }

    /// Behind the gradients of the inputs: positions x rows x gates width.
    private func projectedGradients(_ scratch: Scratch, rows: Int) -> UnsafeMutablePointer<Float> {
        scratch.rest + rows * positions * features
    }
}

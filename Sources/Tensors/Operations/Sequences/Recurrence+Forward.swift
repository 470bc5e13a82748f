import CKernels

extension Recurrence {
    public func forward(_ pass: ForwardPass) {
        let scratch = Scratch(self, at: pass.scratch, rows: pass.rows)
        let kept = pass.kept ?? scratch.rest
        for direction in 0..<directions {
            let memory = Memory(self, at: kept, rows: pass.rows, direction: direction)
            if direction == 0 {
                copy(toSteps: memory.inputs, from: pass.input(), rows: pass.rows, columns: features)
            }
            setInitialStates(pass, memory, direction: direction)
            project(pass, memory, direction: direction, scratch)
            for step in 0..<positions {
                forward(pass, memory, direction: direction, step: step, scratch)
            }
            writeFinalStates(pass, memory, direction: direction)
        }
    }

    /// The input's part of all gates at all positions, and what the steps need of the parameters.
    private func project(_ pass: ForwardPass, _ memory: Memory, direction: Int, _ scratch: Scratch) {
        pass.multiply(
            .plain(memory.inputs, stride: features), .transposed(pass.parameter(4 * direction), stride: features),
            into: memory.gates, rows: positions * pass.rows, columns: gates, depth: features)
        kernels.pack_panels(pass.parameter(4 * direction + 1), width, true, scratch.packed, gates, width)
        kernels.add(pass.parameter(4 * direction + 2), pass.parameter(4 * direction + 3), scratch.bias, gates)
    }

    private func forward(
        _ pass: ForwardPass, _ memory: Memory, direction: Int, step: Int, _ scratch: Scratch
    ) {
        let rows = pass.rows
        let position = memory.position(ofStep: step)
        let (before, after) = (memory.place(before: position), memory.place(after: position))
        let stepGates = memory.gates + position * rows * gates
        let hidden = memory.hidden + after
        // The last state alone is written once the steps are through; until then it goes where it goes anyway.
        let isWritten = result != .last
        let output = isWritten ? pass.output + position * stateCount + direction * width : hidden
        let stride = isWritten ? outputShape.count : width

        let target = cell == .gru ? scratch.projected : stepGates
        if step > 0 || hasInitialState {
            kernels.multiply_panels(
                memory.hidden + before, width, scratch.packed, target, gates, rows, gates, width, 1, cell != .gru)
        } else if cell == .gru {
            target.update(repeating: 0, count: rows * gates)
        }
        switch cell {
        case .tanh, .relu:
            kernels.rnn_forward(activation.kernel, stepGates, scratch.bias, hidden, output, stride, rows, width)
        case .lstm:
            kernels.lstm_forward(
                stepGates, scratch.bias, memory.memory + before, memory.memory + after, hidden, output, stride, rows,
                width)
        case .gru:
            kernels.gru_forward(
                stepGates, scratch.projected, pass.parameter(4 * direction + 2), pass.parameter(4 * direction + 3),
                memory.hidden + before, memory.memory + position * rows * width, hidden, output, stride, rows, width)
        }
    }

    private func setInitialStates(_ pass: ForwardPass, _ memory: Memory, direction: Int) {
        setInitialState(memory.hidden + memory.initialPlace, from: 1, pass, direction: direction)
        guard cell.hasCell else { return }
        setInitialState(memory.memory + memory.initialPlace, from: 2, pass, direction: direction)
    }

    private func setInitialState(
        _ target: UnsafeMutablePointer<Float>, from input: Int, _ pass: ForwardPass, direction: Int
    ) {
        guard hasInitialState else {
            target.update(repeating: 0, count: pass.rows * width)
            return
        }
        for row in 0..<pass.rows {
            (target + row * width)
                .update(from: pass.input(input) + row * stateCount + direction * width, count: width)
        }
    }

    private func writeFinalStates(_ pass: ForwardPass, _ memory: Memory, direction: Int) {
        guard result != .sequence else { return }
        writeFinalState(0, memory.hidden + memory.finalPlace, pass, direction: direction)
        guard result == .sequenceAndState, cell.hasCell else { return }
        writeFinalState(1, memory.memory + memory.finalPlace, pass, direction: direction)
    }

    private func writeFinalState(
        _ state: Int, _ source: UnsafeMutablePointer<Float>, _ pass: ForwardPass, direction: Int
    ) {
        for row in 0..<pass.rows {
            (pass.output + row * outputShape.count + finalOffset(state, direction: direction))
                .update(from: source + row * width, count: width)
        }
    }

    /// Where in a row of the result the hidden (0) or cell (1) state of a direction lies.
    func finalOffset(_ state: Int, direction: Int) -> Int {
        (result == .last ? 0 : (positions + state) * stateCount) + direction * width
    }

    /// Of the cells without gates.
    var activation: Activation { cell == .relu ? .relu : .tanh }
}

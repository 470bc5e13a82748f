import Datasets
import Messaging
import Synchronization
import Tensors
import Wire

extension LoadedModel {
    /// Whether this model can run the request at all. Cheap: the values themselves are not looked at.
    ///
    /// - Parameter isSent: its answer becomes a message and must fit into one.
    func check(
        _ request: InferRequest, _ frames: [Frame], id: InferenceID?, deadline: ContinuousClock.Instant?, isSent: Bool,
        reply: @escaping @Sendable (Result<InferenceAnswer, Failure>) -> Void
    ) throws(Failure) -> PendingInference {
        guard request.inputs.count == 1, frames.count == 1, let input = request.inputs.first, let frame = frames.first
        else {
            throw Failure(
                .invalidArgument,
                "expected one input in one frame, got \(request.inputs.count) in \(frames.count)")
        }
        guard input.name == "input" else {
            throw Failure(.invalidArgument, "expected an input named 'input', got '\(input.name)'")
        }
        let columns = preprocessing.rawColumns
        let values = input.datatype == .bytes ? preprocessing.rawCells : columns
        guard let rows = input.shape.first, rows > 0, Self.product(input.shape.dropFirst()) == values else {
            throw Failure(
                .invalidArgument,
                "input 'input': expected at least one row of \(values) values, got shape \(input.shape)")
        }
        switch input.datatype {
        case .fp32:
            let bytes = Self.product([rows, columns, MemoryLayout<Float>.stride])
            guard frame.count == bytes else {
                throw Failure(
                    .invalidArgument,
                    "input 'input': expected \(rows) x \(columns) FP32 values, got \(frame.count) bytes")
            }
        case .bytes where preprocessing.takesTexts:
            // Of each element at least its length.
            guard frame.count >= Self.product([rows, values, MemoryLayout<UInt32>.stride]) else {
                throw RawRows.incomplete(rows, values)
            }
        default:
            let expected = preprocessing.takesTexts ? "BYTES" : "FP32"
            throw Failure(
                .invalidArgument, "input 'input': expected datatype \(expected), got \(input.datatype.rawValue)")
        }
        for name in request.outputs where !outputNames.contains(name) {
            throw Failure(
                .invalidArgument,
                "model \(key) has no output '\(name)': expected \(outputNames.joined(separator: ", "))")
        }
        let names = request.outputs.isEmpty ? standardOutputs : request.outputs
        let outputs =
            isSent
            ? PendingOutputs(names: names, outputBytes: limits.outputBytes, answerBytes: limits.answerBytes)
            : PendingOutputs(names: names)
        // Those that are texts are measured as they come.
        let numbers = Self.product([rows, outputCount, MemoryLayout<Float>.stride])
        try outputs.check { numericOutputs.contains($0) ? numbers : 0 }
        return PendingInference(
            request: request, input: input, frame: frame, model: self, id: id, deadline: deadline, outputs: outputs,
            reply: reply)
    }

    /// What became of a batch's turn.
    struct Turn {
        /// Nothing of it is left to do.
        var isOver: Bool
        /// Requests that got their outputs.
        var answered: Int
        /// Requests whose time was over when their turn came.
        var expired = 0
    }

    /// Gives a batch its turn and settles every request that ends with it, whose answers are to be sent then. A request
    /// whose cells cannot be read, or for which the network gives no numbers, fails alone. A batch of translations needs a
    /// turn for each token.
    func run(
        _ batch: BatchQueue<PendingInference>.Batch, queuedRows: Int, now: ContinuousClock.Instant
    ) -> Turn {
        if let translation { return goOn(with: translation, queuedRows: queuedRows, now: now) }
        var expired = 0
        let portions = batch.portions.filter { prepare($0.request, now, &expired) }
        guard !portions.isEmpty else { return Turn(isOver: true, answered: 0, expired: expired) }
        if portions.contains(where: { $0.request.outputs.names.contains { !isTranslation($0) } }) {
            runNetwork(on: portions)
        }
        translation = Translation(portions, of: self)
        // Those who want no translation need not wait for it.
        let answered = portions.count { !wantsTranslation($0.request) && finish($0, queuedRows: queuedRows) }
        return Turn(isOver: translation == nil, answered: answered, expired: expired)
    }

    func wantsTranslation(_ pending: PendingInference) -> Bool { pending.outputs.names.contains(where: isTranslation) }

    /// What the decoder writes, which does not come from one run of the network.
    func isTranslation(_ output: String) -> Bool { decoder != nil && output == "text" }

    /// Whether somebody waits for a request whose values can be read.
    private func prepare(
        _ pending: PendingInference, _ now: ContinuousClock.Instant, _ expired: inout Int
    ) -> Bool {
        guard pending.isWanted(at: now, expired: &expired) else { return false }
        guard pending.rawRows == nil else { return true }
        do throws(Failure) {
            pending.rawRows = try RawRows(pending.frame, pending.input, preprocessing, ids: ids)
            return true
        } catch {
            pending.settle(.failure(error))
            return false
        }
    }

    /// Computes the outputs that follow from the logits.
    private func runNetwork(on portions: [BatchQueue<PendingInference>.Portion]) {
        // The frames stay alive through the requests, which `portions` holds.
        let pieces = portions.map { portion in
            (raw: portion.request.rawRows!.withRow(portion.rows.lowerBound) { $0 }, rows: portion.rows.count)
        }
        var logits = withExtendedLifetime(portions) { run(pieces) }
        for portion in portions {
            let pending = portion.request
            do throws(Failure) {
                try checkNumbers(logits, portion.rows)
                for (index, name) in pending.outputs.names.enumerated() where !isTranslation(name) {
                    let (description, frame) = try output(name, logits: logits, rows: portion.rows.count)
                    try pending.outputs.add(description, frame, at: index)
                }
            } catch {
                pending.settle(.failure(error))
            }
            logits += portion.rows.count * outputCount
        }
    }

    /// Infinity and what is no number are no result: they have no largest one, and no probabilities.
    private func checkNumbers(_ logits: UnsafePointer<Float>, _ rows: Range<Int>) throws(Failure) {
        let values = UnsafeBufferPointer(start: logits, count: rows.count * outputCount)
        guard let index = values.firstNonFinite else { return }
        throw Failure.unsound(row: rows.lowerBound + index / outputCount, value: values[index])
    }

    /// Settles a request with the last of its pieces. Returns whether it got outputs.
    func finish(_ portion: BatchQueue<PendingInference>.Portion, queuedRows: Int) -> Bool {
        let pending = portion.request
        guard portion.isLast, !pending.isAnswered else { return false }
        guard !pending.isCancelled.load(ordering: .relaxed) else {
            pending.settle(.failure(.cancelled))
            return false
        }
        let (outputs, frames) = pending.outputs.whole(rows: pending.rows)
        let response = InferResponse(
            model: key.model, version: pending.request.version, digest: digestText, outputs: outputs,
            queuedRows: UInt32(clamping: queuedRows))
        pending.settle(.success(InferenceAnswer(response: response, frames: frames)))
        return true
    }

    /// -1 where it does not fit an `Int`, which nothing equals.
    private static func product(_ dimensions: some Sequence<Int>) -> Int {
        var product = 1
        for dimension in dimensions {
            let (next, overflow) = product.multipliedReportingOverflow(by: dimension)
            guard dimension >= 0, !overflow else { return -1 }
            product = next
        }
        return product
    }
}

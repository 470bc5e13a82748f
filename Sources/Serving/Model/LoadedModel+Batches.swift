import Datasets
import Messaging
import Tensors
import Wire

extension LoadedModel {
    /// Whether this model can run the request at all. Cheap: the values themselves are not looked at.
    func check(
        _ request: InferRequest, _ frames: [Frame],
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
        case .bytes where preprocessing.takesTexts: break
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
        return PendingInference(request: request, input: input, frame: frame, reply: reply)
    }

    /// Runs a batch and answers every request that ends with it. A request whose cells cannot be read fails alone.
    /// Returns how many requests got their outputs.
    func run(_ batch: BatchQueue<PendingInference>.Batch, queuedRows: Int) -> Int {
        var slices: [BatchQueue<PendingInference>.Slice] = []
        for slice in batch.slices where prepare(slice.request) { slices.append(slice) }
        guard !slices.isEmpty else { return 0 }
        // The frames stay alive through the requests, which `slices` holds.
        let pieces = slices.map { slice in
            (raw: slice.request.rawRows!.withRow(slice.rows.lowerBound) { $0 }, rows: slice.rows.count)
        }
        var logits = withExtendedLifetime(slices) { run(pieces) }
        var answered = 0
        for slice in slices {
            if finish(slice, logits, queuedRows: queuedRows) { answered += 1 }
            logits += slice.rows.count * outputCount
        }
        return answered
    }

    private func prepare(_ pending: PendingInference) -> Bool {
        guard !pending.isAnswered else { return false }
        guard pending.rawRows == nil else { return true }
        do throws(Failure) {
            pending.rawRows = try RawRows(pending.frame, pending.input, preprocessing)
            return true
        } catch {
            pending.answer(.failure(error))
            return false
        }
    }

    /// Keeps the logits of a piece, or answers with the last one. Returns whether outputs were sent.
    private func finish(
        _ slice: BatchQueue<PendingInference>.Slice, _ logits: UnsafePointer<Float>, queuedRows: Int
    ) -> Bool {
        let pending = slice.request
        guard slice.rows.count < pending.rows else { return answer(pending, logits, queuedRows: queuedRows) }
        let all = pending.partialLogits ?? FloatBuffer(count: pending.rows * outputCount)
        pending.partialLogits = all
        (all.pointer + slice.rows.lowerBound * outputCount).update(
            from: logits, count: slice.rows.count * outputCount)
        guard slice.isLast else { return false }
        return answer(pending, UnsafePointer(all.pointer), queuedRows: queuedRows)
    }

    private func answer(_ pending: PendingInference, _ logits: UnsafePointer<Float>, queuedRows: Int) -> Bool {
        let names = pending.request.outputs.isEmpty ? standardOutputs : pending.request.outputs
        var response = InferResponse(
            model: key.model, version: pending.request.version, digest: digestText, outputs: [],
            queuedRows: UInt32(queuedRows))
        var frames: [Frame] = []
        do throws(Failure) {
            for name in names {
                let (description, frame) =
                    name == "text" && decoder != nil
                    ? translations(of: pending.rawRows!) : try output(name, logits: logits, rows: pending.rows)
                response.outputs.append(description)
                frames.append(frame)
            }
        } catch {
            pending.answer(.failure(error))
            return false
        }
        pending.answer(.success(InferenceAnswer(response: response, frames: frames)))
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

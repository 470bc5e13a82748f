import Datasets
import Messaging
import NeuralNetworks
import Tensors
import Wire

/// A batch of sources on their way to becoming targets.
struct Translation {
    /// The pieces whose requests want the output `text`, and where their rows are in the decoder.
    let pieces: [(portion: BatchQueue<PendingInference>.Portion, rows: Range<Int>)]
}

extension Translation {
    /// Begins with what each row's source is: what a client gave as the beginning of the target counts for the other
    /// outputs only. Nil where nobody wants a translation.
    init?(_ portions: [BatchQueue<PendingInference>.Portion], of model: LoadedModel) {
        guard let decoder = model.decoder, case .text(let text) = model.preprocessing.form else { return nil }
        var pieces: [(portion: BatchQueue<PendingInference>.Portion, rows: Range<Int>)] = []
        var sources: [[Int]] = []
        for portion in portions where !portion.request.isAnswered && model.wantsTranslation(portion.request) {
            guard let raw = portion.request.rawRows else { continue }
            pieces.append((portion, sources.count..<sources.count + portion.rows.count))
            sources += portion.rows.map { raw.withRow($0, text.source) }
        }
        guard !pieces.isEmpty else { return nil }
        self.pieces = pieces
        decoder.begin(sources)
    }
}

extension LoadedModel {
    /// Adds a token to each target; with the last one the requests are settled.
    func goOn(with translation: Translation, queuedRows: Int, now: ContinuousClock.Instant) -> Turn {
        guard let decoder, case .text(let text) = preprocessing.form else {
            preconditionFailure("a translation of a model that writes none")
        }
        var expired = 0
        for (portion, rows) in translation.pieces where !portion.request.isWanted(at: now, expired: &expired) {
            decoder.stop(rows)
        }
        guard !decoder.step(parameters: parameters.pointer) else {
            return Turn(isOver: false, answered: 0, expired: expired)
        }
        self.translation = nil
        for (portion, rows) in translation.pieces where !portion.request.isAnswered {
            let pending = portion.request
            do throws(Failure) {
                if let row = rows.first(where: { decoder.state(of: $0) == .unsound }) {
                    throw Failure.unsound(row: portion.rows.lowerBound + row - rows.lowerBound, value: nil)
                }
                var content: [UInt8] = []
                for ids in decoder.targets[rows] {
                    let bytes = Array(text.tokenizer.decode(ids).utf8)
                    content += withUnsafeBytes(of: UInt32(bytes.count).littleEndian, Array.init) + bytes
                }
                for (index, name) in pending.outputs.names.enumerated() where isTranslation(name) {
                    let description = TensorDescription(name: name, datatype: .bytes, shape: [rows.count])
                    try pending.outputs.add(description, Frame(copying: content), at: index)
                }
            } catch {
                pending.settle(.failure(error))
            }
        }
        return Turn(
            isOver: true, answered: translation.pieces.count { finish($0.portion, queuedRows: queuedRows) },
            expired: expired)
    }
}

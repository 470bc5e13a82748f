import Datasets
import Messaging
import NeuralNetworks
import Tensors
import Wire

extension LoadedModel {
    /// The output `text`: what each row's source becomes, token by token from the beginning. What a client gave as the
    /// beginning of the target counts for the other outputs only.
    func translations(of raw: RawRows) -> (TensorDescription, Frame) {
        var content: [UInt8] = []
        if let decoder, case .text(let text) = preprocessing.form {
            for first in stride(from: 0, to: raw.rows, by: decoder.maximumRows) {
                let rows = first..<min(first + decoder.maximumRows, raw.rows)
                let sources = rows.map { raw.withRow($0, text.source) }
                for ids in decoder.decode(sources, parameters: parameters.pointer) {
                    let bytes = Array(text.tokenizer.decode(ids).utf8)
                    content += withUnsafeBytes(of: UInt32(bytes.count).littleEndian, Array.init) + bytes
                }
            }
        }
        return (TensorDescription(name: "text", datatype: .bytes, shape: [raw.rows]), Frame(copying: content))
    }
}

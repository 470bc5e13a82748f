import Foundation

/// The one form in which texts that stand for something are kept: Unicode's normalization form C. `é` may be written as one
/// character or as two, and both look the same to whoever writes a table; Swift's strings take them for equal, bytes do not.
/// Columns, classes and categories are found in either form. What a tokenizer reads stays as it is.
enum CanonicalText {
    /// The text of a cell in form C. What is ASCII is so already.
    static func string(_ cell: UnsafeRawBufferPointer) -> String {
        let text = String(decoding: cell, as: UTF8.self)
        return cell.hasBeyondASCII ? text.precomposedStringWithCanonicalMapping : text
    }

    static func string(_ text: String) -> String {
        var text = text
        return text.withUTF8 { string(UnsafeRawBufferPointer($0)) }
    }

    /// The text in form C where its bytes are others.
    static func other(than cell: UnsafeRawBufferPointer) -> String? {
        guard cell.hasBeyondASCII else { return nil }
        let composed = string(cell)
        return composed.utf8.elementsEqual(cell) ? nil : composed
    }
}

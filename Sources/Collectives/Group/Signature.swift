/// What an operation is, in 32 bits, so that ranks which disagree notice at the first frame.
enum Signature {
    /// FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/) over the operation in words.
    static func of(_ text: [UInt8]) -> UInt32 {
        text.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }
}

/// A value that travels between ranks as the bytes it has in memory, which all ranks of a group lay out alike: they run
/// the same program.
///
/// Every pattern of its bits must be a value, and it must have no padding: numbers, and structures of numbers of one
/// width.
package protocol GatheredValue: BitwiseCopyable, Sendable {}

extension UInt8: GatheredValue {}
extension Int: GatheredValue {}
extension Double: GatheredValue {}

/// The less loaded of two nodes that are picked at random: nearly as even as the least loaded of all, and without all
/// requests of a moment going to the same one (the power of two choices: Mitzenmacher, 2001).
///
/// Nodes are offered one after the other. Each two of them are the picked ones with the same chance (reservoir sampling:
/// Vitter, 1985), so that no list of them is made.
struct TwoChoices {
    private typealias Choice = (name: String, load: Int)

    private var first: Choice?
    private var second: Choice?
    private var offered = 0

    mutating func offer(_ name: String, load: Int, using random: inout some RandomNumberGenerator) {
        offered += 1
        switch offered <= 2 ? offered - 1 : Int.random(in: 0..<offered, using: &random) {
        case 0: first = (name, load)
        case 1: second = (name, load)
        default: break
        }
    }

    /// Nil where none was offered.
    func better(using random: inout some RandomNumberGenerator) -> String? {
        guard let first, let second else { return first?.name }
        let isSecond = second.load == first.load ? Bool.random(using: &random) : second.load < first.load
        return isSecond ? second.name : first.name
    }
}

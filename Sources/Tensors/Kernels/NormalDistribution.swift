/// The normal distribution in plain arithmetic: the same bits on every machine, which the logarithm and cosine of a
/// system's library would not promise.
enum NormalDistribution {
    /// The value below which a share of the standard normal distribution lies: algorithm AS 241, PPND16 (Wichura, 1988),
    /// exact to 1e-15, for shares from 1e-10 to 1 - 1e-10.
    static func quantile(_ share: Double) -> Double {
        let distance = share - 0.5
        if distance.magnitude <= 0.425 {
            let square = 0.180625 - distance * distance
            return distance * polynomial(square, center.over) / polynomial(square, center.under)
        }
        let tail = (-logarithm(distance < 0 ? share : 1 - share)).squareRoot() - 1.6
        let magnitude = polynomial(tail, side.over) / polynomial(tail, side.under)
        return distance < 0 ? -magnitude : magnitude
    }

    /// ln x for normal positive x: x = m 2^e with m near 1, and ln m = 2 artanh((m - 1) / (m + 1)).
    static func logarithm(_ x: Double) -> Double {
        var (significand, exponent) = (x.significand, Double(x.exponent))
        if significand > 2.0.squareRoot() { (significand, exponent) = (significand / 2, exponent + 1) }
        let ratio = (significand - 1) / (significand + 1)
        let square = ratio * ratio
        var sum = 0.0
        // The ratio is at most 0.172, so the last of these terms is below 1e-17 of the first.
        for power in stride(from: 21, through: 1, by: -2) { sum = sum * square + 1 / Double(power) }
        return exponent * 0.693147180559945309417 + 2 * ratio * sum
    }

    private static func polynomial(_ x: Double, _ coefficients: [Double]) -> Double {
        coefficients.reduce(0) { $0 * x + $1 }
    }

    /// Coefficients, the highest power first.
    private static let center = (
        over: [
            2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
            13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.3871328727963666080,
        ],
        under: [
            5226.4952788528545610, 28729.085735721942674, 39307.895800092710610, 21213.794301586595867,
            5394.1960214247511077, 687.18700749205790830, 42.313330701600911252, 1,
        ]
    )
    private static let side = (
        over: [
            7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258,
            3.64784832476320460504, 5.76949722146069140550, 4.63033784615654529590, 1.42343711074968357734,
        ],
        under: [
            1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2,
            1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940, 2.05319162663775882187, 1,
        ]
    )
}

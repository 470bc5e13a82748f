import Testing

@testable import martlet

@Suite struct FiguresTests {
    @Test(
        arguments: [
            (0, "0 B"), (999, "999 B"), (1_500, "1.5 kB"), (41_300_000, "41 MB"), (999_600, "1.0 MB"),
            (5_000_000_000, "5.0 GB"),
        ] as [(UInt64, String)])
    func bytes(_ count: UInt64, _ text: String) {
        #expect(Figures.bytes(count) == text)
    }

    @Test(
        arguments: [
            (0.34, "0.3s"), (9.96, "10s"), (59.4, "59s"), (59.6, "1m 0s"), (200, "3m 20s"), (7500, "2h 5m"),
            (273_600, "3d 4h"), (-1, "-"), (.infinity, "-"), (.nan, "-"),
        ] as [(Double, String)])
    func duration(_ seconds: Double, _ text: String) {
        #expect(Figures.duration(seconds: seconds) == text)
    }

    @Test(
        arguments: [(0, "0.0"), (9.96, "10"), (12_345, "12.3k"), (4_560_000, "4.56M"), (.nan, "-")]
            as [(Double, String)])
    func count(_ value: Double, _ text: String) {
        #expect(Figures.count(value) == text)
    }

    /// An error of a run that blew up has as many digits as any other.
    @Test func metrics() {
        #expect([0, 0.94125, -0.5, 123_456.78].map(Figures.metric) == ["0.0000", "0.9413", "-0.5000", "123456.7800"])
        #expect([1e80, -3.25e7, 0.000012345].map(Figures.metric) == ["1e+80", "-3.25e+07", "1.2345e-05"])
    }
}

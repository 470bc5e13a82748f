import NeuralNetworks
import Testing

struct ScheduleTests {
    @Test func equalToPyTorch() throws {
        for fixture in try Fixture.load("schedules", as: Fixture.Schedules.self).rates {
            let schedule = Schedule(fixture.schedule, base: fixture.base, totalSteps: fixture.rates.count)
            for (step, rate) in fixture.rates.enumerated() {
                #expect(abs(schedule.rate(step: step) - rate) <= 1e-9, "\(fixture.schedule), step \(step)")
            }
        }
    }

    @Test func plateausEqualToPyTorch() throws {
        for fixture in try Fixture.load("schedules", as: Fixture.Schedules.self).plateaus {
            var state = PlateauState(rate: fixture.base)
            for (epoch, (loss, rate)) in zip(fixture.losses, fixture.rates).enumerated() {
                state = fixture.rule.state(after: loss, from: state)
                #expect(abs(state.rate - rate) <= 1e-9, "\(fixture.rule), epoch \(epoch)")
            }
        }
    }

    @Test func aLossThatIsNoNumberIsNoBetter() {
        let rule = PlateauRule(factor: 0.5, patience: 0)
        #expect(rule.state(after: .nan, from: PlateauState(rate: 1, best: 3)).rate == 0.5)
    }

    /// PyTorch's cosine would rise again.
    @Test func behindTheirLastStepSchedulesAreConstant() {
        let cosine = Schedule(.init(.cosine(minimum: 0.1, steps: 10)), base: 1, totalSteps: 100)
        #expect(cosine.rate(step: 10) == 0.1 && cosine.rate(step: 77) == 0.1)
        let linear = Schedule(.init(.linear(endFactor: 0.25, steps: 10)), base: 2, totalSteps: 100)
        #expect(linear.rate(step: 10) == 0.5 && linear.rate(step: 77) == 0.5)
    }

    @Test func withoutALengthTheyTakeAllThatTheWarmUpLeaves() {
        let warmUp = ScheduleSpecification.WarmUp(steps: 20, startFactor: 0)
        let schedule = Schedule(.init(.linear(endFactor: 0, steps: nil), warmUp: warmUp), base: 1, totalSteps: 100)
        #expect(schedule.rate(step: 0) == 0 && schedule.rate(step: 10) == 0.5 && schedule.rate(step: 20) == 1)
        #expect(schedule.rate(step: 60) == 0.5)
        #expect(schedule.rate(step: 100) == 0)
    }

    @Test func theWarmUpGoesBeforeThePlateau() {
        let schedule = Schedule(
            .init(.reduceOnPlateau(PlateauRule()), warmUp: .init(steps: 4, startFactor: 0.5)), base: 1, totalSteps: 9)
        #expect(schedule.rate(step: 2) == 0.75)
        #expect(schedule.rate(step: 4) == 1)
        #expect(schedule.rate(step: 5, plateau: PlateauState(rate: 0.1)) == 0.1)
    }
}

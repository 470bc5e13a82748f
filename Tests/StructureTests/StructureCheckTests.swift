import Testing

/// That the check finds what it looks for.
@Suite struct StructureCheckTests {
    @Test func aCycleIsFoundWithItsReasons() {
        let module = ModuleSources(
            "M",
            ["A/One.swift": "struct One { var two: Two }", "B/Two.swift": "struct Two { func f() { _ = One.self } }"])
        #expect(module.folders.cycles == [["A", "B"]])
        #expect(module.folders.reasons(within: ["A", "B"]).contains("A/One.swift uses Two of B/Two.swift"))
    }

    @Test func useInOneDirectionIsNoCycle() {
        let module = ModuleSources(
            "M", ["A/One.swift": "struct One {}", "B/Two.swift": "struct Two { var one: One }"])
        #expect(module.folders.cycles.isEmpty)
        #expect(module.folders.edges == ["B": ["A": "B/Two.swift uses One of A/One.swift"]])
    }

    @Test func aLongCycleIsFound() {
        let module = ModuleSources(
            "M",
            [
                "A/One.swift": "extension Three {}", "B/Two.swift": "struct Two {}\nfunc g(_ one: One) {}",
                "C/Three.swift": "struct Three { let two: [Two] }", "A/Zero.swift": "struct One {}",
            ])
        #expect(module.folders.cycles == [["A", "B", "C"]])
    }

    @Test func commentsTextLabelsAndMembersAreNoUse() {
        let module = ModuleSources(
            "M",
            [
                "A/One.swift": "struct One {}\nfunc two() {}",
                "B/Two.swift": """
                struct Two {
                    // One
                    /* One */
                    let text = "One"
                    func f(_ x: Int) { g(two: x); x.two() }
                }
                """,
            ])
        #expect(module.folders.edges.isEmpty)
    }

    @Test func whatTextInterpolatesIsUsed() {
        let file = SourceFile(path: "A.swift", text: #"let a = "x \(One.count(of: "y \(Two())")) z One2""#)
        #expect(file.uses.isSuperset(of: ["One", "Two"]))
        #expect(!file.uses.contains("One2"))
    }

    @Test func filesOfTheRootStandForThemselves() {
        let module = ModuleSources(
            "M",
            [
                "Shell.swift": "struct Shell { var one: One }", "Base.swift": "struct Base {}",
                "A/One.swift": "struct One { var b: Base }",
            ])
        #expect(module.folders.cycles.isEmpty)
    }

    @Test func typesThatShadowAreTheFilesOwn() {
        let module = ModuleSources(
            "M",
            [
                "A/One.swift": "struct One { var two: Two }",
                "B/Two.swift": "struct Two { enum One { case a }; var one: One }",
            ])
        #expect(module.folders.cycles.isEmpty)
    }
}

import Explanations
import Testing
import Training
import Wire

@testable import ClusterProtocol
@testable import JobProtocol

@Suite struct ClusterNameTests {
    @Test(arguments: ["a", "7", "a.b-c_d", String(repeating: "x", count: 64)]) func names(_ name: String) {
        #expect(ClusterName.isValid(name))
    }

    @Test(arguments: ["", "-a", ".a", "a b", "ä", "a/b", "a@b", String(repeating: "x", count: 65)])
    func noNames(_ name: String) {
        #expect(!ClusterName.isValid(name) && !ClusterName.isValidAlias(name))
    }

    /// `digits:7` is a version: nobody could ask for an alias 7.
    @Test func digitsAloneAreNoAlias() {
        #expect(["7", "007", "18446744073709551616"].allSatisfy { !ClusterName.isValidAlias($0) })
        #expect(["7a", "v7", "7.0", "1-2"].allSatisfy(ClusterName.isValidAlias))
    }

    private func refusal<Call: OperatorCall>(_ call: Call) throws -> String? {
        let document = try Document(call)
        do throws(Failure) {
            let _: Call = try document.decode()
            return nil
        } catch {
            return error.message
        }
    }

    /// What a person typed is told by its rule: of documents and their kinds a person knows nothing.
    @Test func namesInCallsAreToldByTheirRule() throws {
        let long = String(repeating: "x", count: 300)
        func promote(_ name: String, to alias: String) throws -> String? {
            try refusal(
                PromoteVersion(name: name, version: 1, alias: alias, force: false, reason: ""))
        }
        #expect(try promote("digits", to: "canary") == nil)
        #expect(
            try promote("digits", to: long)
                == "the alias: expected \(ClusterName.aliasRule), got '\(String(repeating: "x", count: 60)) …' (300 bytes)"
        )
        #expect(try promote("digits", to: "7") == "the alias: expected \(ClusterName.aliasRule), got '7'")
        #expect(try promote("a b", to: "canary") == "the model: expected \(ClusterName.rule), got 'a b'")
        #expect(
            try refusal(RollBackAlias(name: "a@b", alias: "production"))
                == "the model: expected \(ClusterName.rule), got 'a@b'")
        #expect(
            try refusal(ListModels(model: long, after: nil))?.contains("operator") == false)
        // One that is there from before must go.
        #expect(try refusal(DeleteAlias(name: "digits", alias: "7")) == nil)
    }
}

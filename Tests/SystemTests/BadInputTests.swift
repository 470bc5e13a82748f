import JobProtocol
import Foundation
import Testing

extension SystemTests {
    /// What is wrong with a job or a request is said at once, in words that help.
    @Suite(.serialized) struct BadInputTests {
        static let job = """
            name: bad
            model: { family: mlp, input: [2], classes: 2, hidden: [4] }
            data: { path: data.csv, format: csv, target: label, split: { train: 0.5, test: 0.5 } }
            train: { optimizer: { name: sgd, learning_rate: 0.1 }, batch_size: 4, epochs: 1, workers: 1 }
            evaluate: { metrics: [accuracy] }
            """
        static let data = "a,b,label\n" + (0..<20).map { "\($0),\($0 % 3),\($0 % 2)\n" }.joined()

        @Test func jobs() async throws {
            try await LocalCluster.run(workers: 1, inference: 0) { cluster in
                func attempt(_ data: String?, _ job: String = Self.job, _ arguments: String...) async throws
                    -> CommandResult
                {
                    let folder = cluster.folder.appending(path: UUID().uuidString)
                    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                    let file = folder.appending(path: "job.yaml")
                    try job.write(to: file, atomically: true, encoding: .utf8)
                    try data?.write(to: folder.appending(path: "data.csv"), atomically: true, encoding: .utf8)
                    return try await Command.run(
                        Command.martlet, ["train", file.path] + arguments,
                        environment: ["MARTLET_CLUSTER": cluster.file.path, "HOME": cluster.folder.path])
                }
                func refused(_ result: CommandResult, saying words: String...) {
                    #expect(result.status != 0)
                    let text = result.errors + result.output
                    for word in words { #expect(text.contains(word), "'\(word)' is not in: \(text)") }
                }
                #expect(try await attempt(Self.data).status == 0)

                let misspelt = Self.job.replacing("batch_size", with: "batchsize")
                refused(try await attempt(Self.data, misspelt), saying: "job.yaml", "4", "batchsize", "batch_size")
                refused(try await attempt(nil), saying: "data.csv")
                refused(try await attempt(""), saying: "empty")
                refused(try await attempt(Self.data + "1,2\n"), saying: "22")
                refused(try await attempt(Self.data + "1,nan,0\n"), saying: "22", "b")
                refused(try await attempt(Self.data + "1,,0\n"), saying: "22", "b")
                refused(try await attempt(Self.data.replacing("label", with: "lable")), saying: "label", "lable")
                refused(try await attempt(Self.data, Self.job, "--set", "train.batch_size=4000"), saying: "4000", "10")
                refused(try await attempt(Self.data, Self.job, "--workers", "0"), saying: "workers", "0")
            }
        }

        @Test func tooManyWorkersWaitAndCanBeCancelled() async throws {
            try await LocalCluster.run(workers: 1, inference: 0) { cluster in
                try await cluster.expect("train", Digits.job, "--workers", "3", "--detach")
                let id = try await cluster.lastJob().id
                try await cluster.wait(for: "the job waits") { try await cluster.job(id).state == .waiting }
                let detail = try await cluster.job(id).detail
                #expect(detail.contains("3") && detail.contains("1"), "\(detail)")
                try await cluster.expect("job", "cancel", id)
                #expect(try await cluster.job(id).state == .cancelled)
            }
        }

        @Test func requests() async throws {
            try await LocalCluster.run(inference: 1) { cluster in
                try await cluster.expect("train", Digits.job, "--set", "train.epochs=1")
                try await cluster.expect("promote", "digits:1", "--force", "--reason", "only to be asked badly")
                let pixels = try Digits.rows(1)[0].pixels
                let good = Digits.request(pixels)
                #expect(try await cluster.infer("digits", good).status == 200)

                func refused(_ answer: HTTPAnswer, _ status: Int, saying words: String...) {
                    #expect(answer.status == status, "\(answer.body)")
                    #expect(answer.headers["x-request-id"] != nil)
                    for word in words { #expect(answer.body.contains(word), "'\(word)' is not in: \(answer.body)") }
                    #expect((try? answer.json()["error"] as? String) != nil)
                }
                refused(try await cluster.infer("nobody", good), 404, saying: "nobody")
                refused(try await cluster.infer("digits", "{\"inputs\":[{"), 400)
                refused(
                    try await cluster.infer("digits", good.replacing("[1,1,8,8]", with: "[1,1,8,9]")), 400, saying: "8")
                refused(try await cluster.infer("digits", good.replacing("FP32", with: "BYTES")), 400, saying: "FP32")
                refused(try await cluster.infer("digits", good.replacing("\"data\":[", with: "\"data\":[NaN,")), 400)
                refused(try await cluster.infer("digits", good.replacing("[1,1,8,8]", with: "[0,1,8,8]")), 400)
                let hurried = good.replacing("{\"inputs\"", with: "{\"parameters\":{\"timeout\":0},\"inputs\"")
                refused(try await cluster.infer("digits", hurried), 504, saying: "parameters.timeout")
                let huge = try await cluster.http(
                    "POST", "/v2/models/digits/infer", body: Data(repeating: 0x20, count: 100 << 20))
                #expect(huge.status == 413)
                #expect(try await cluster.infer("digits", good).status == 200)
            }
        }
    }
}

import Testing

/// Modules, and folders within them, are layers: each uses those below it.
@Suite struct StructureTests {
    /// Folders that need each other. The list only gets shorter.
    private static let cyclesLeft: [String: [[String]]] = [
        "Collectives": [["Execution", "Group", "Operations", "Plan", "Reduction", "SharedMemory"]],
        "Datasets": [
            ["Arrays", "Augmentation", "CSV", "Preprocessing", "Shards", "Specification", "Table", "Tokenizers"],
            ["Images", "Index", "Plan", "Readers"],
        ],
        "Gateway": [["HTTP", "HTTP/Admission", "HTTP/Connection", "HTTP/Parsing"]],
        "NeuralNetworks": [
            [
                "LayerTrace.swift", "Layers", "Layers/Activations", "Layers/Containers", "Layers/Convolutions",
                "Layers/Normalization", "Layers/Pooling", "Layers/Registry", "Layers/Sequences", "Layers/Transformers",
                "ModelSpecification.swift", "Network+Adoption.swift", "Network.swift", "NetworkBuilder.swift",
                "NetworkError.swift", "WeightInitialization.swift",
            ]
        ],
        "Tensors": [["Graph", "Operations", "Operations/Sequences"]],
        "martlet": [["Doctor", "HTTP", "Operator", "Predict", "Terminal"]],
    ]

    @Test(arguments: Repository.modules)
    func foldersOfAModuleDoNotNeedEachOther(module: ModuleSources) {
        let folders = module.folders
        let expected = Self.cyclesLeft[module.name, default: []]
        for cycle in folders.cycles where !expected.contains(cycle) {
            Issue.record("\(module.name): \(cycle.joined(separator: ", "))\n\(folders.reasons(within: cycle))")
        }
        for cycle in expected where !folders.cycles.contains(cycle) {
            Issue.record("\(module.name): the cycle \(cycle) is gone or has changed; mend the list")
        }
    }

    @Test func modulesImportWhatTheyDeclare() throws {
        let manifest = try PackageManifest()
        let own = Set(Repository.modules.map(\.name))
        #expect(own.count > 20)
        for module in Repository.modules {
            #expect(manifest.targets.contains(module.name), "\(module.name) is not found in Package.swift")
            let declared = manifest.declared(by: module.name)
            for file in module.files {
                let unknown = file.imports.intersection(own).subtracting(declared).subtracting([module.name])
                #expect(
                    unknown.isEmpty,
                    "\(module.name)/\(file.path) imports \(unknown.sorted()), which Package.swift does not declare for it"
                )
            }
            let imported = module.files.reduce(into: Set<String>()) { $0.formUnion($1.imports) }
            let unused = declared.intersection(own).subtracting(imported)
            #expect(unused.isEmpty, "\(module.name) declares \(unused.sorted()) and imports none of it")
        }
    }

    /// Who alone may import a library: behind one module each can be exchanged.
    @Test(
        arguments: [
            "GRDB": ["Coordinator"], "CZeroMQ": ["Messaging"], "COpenBLAS": ["Tensors"], "CKernels": ["Tensors"],
            "CProcess": ["Processes"], "CWire": ["Wire"], "CImages": ["Datasets"], "CSharedMemory": ["Collectives"],
            "CThreads": ["Threads"], "CZlib": ["Compression"], "COpenSSL": ["Digests"], "Yams": ["StrictYAML"],
            "ArgumentParser": ["martlet"], "NIOHTTP1": ["Gateway", "martlet"], "NIOPosix": ["Gateway", "martlet"],
        ])
    func librariesLieBehindOneModule(library: String, modules: [String]) {
        for module in Repository.modules {
            for file in module.files where file.imports.contains(library) {
                #expect(modules.contains(module.name), "\(module.name)/\(file.path) imports \(library)")
            }
        }
    }

    /// What a module must not need, directly or by what it needs.
    @Test(
        arguments: [
            "ClusterProtocol": ["Training", "Datasets", "NeuralNetworks", "Tensors", "Collectives"],
            "ControlPlane": ["Coordinator", "Nodes", "LocalCluster", "Serving", "database"],
            "Nodes": ["ControlPlane", "Coordinator", "LocalCluster", "database"],
            "LocalCluster": ["Nodes", "Gateway"],
            "Gateway": ["JobProtocol", "ControlPlane", "Coordinator", "Nodes", "Training", "Tensors", "database"],
            "MartletTraining": ["JobProtocol", "ControlPlane", "Coordinator", "Nodes", "database"],
            "Messaging": ["Tensors", "Training"],
        ])
    func modulesDoWithout(module: String, others: [String]) throws {
        let needed = try PackageManifest().all(neededBy: module)
        #expect(!needed.isEmpty)
        #expect(needed.intersection(others).isEmpty, "\(module) needs \(needed.intersection(others).sorted())")
    }

    /// The same events give the same state: nothing of the system is asked on the way.
    @Test func controlPlaneIsPure() throws {
        let impure: Set = [
            "FileManager", "FileHandle", "URL", "Process", "ProcessInfo", "Task", "Mutex", "Thread", "async", "await",
            "getenv", "UUID", "NSLock", "ContinuousClock", "SystemRandomNumberGenerator", "print",
        ]
        for file in try Repository.module("ControlPlane").files {
            for (index, token) in file.tokens.enumerated() where impure.contains(token.text) {
                // The instant of a clock is a value.
                let next = file.tokens[(index + 1)...].prefix(2).map(\.text)
                if token.text == "ContinuousClock", next == [".", "Instant"] { continue }
                Issue.record("ControlPlane/\(file.path):\(token.line) names \(token.text)")
            }
            for (index, token) in file.tokens.enumerated() where token.text == "now" || token.text == "Date" {
                let before = index > 0 ? file.tokens[index - 1].text : ""
                let after = file.tokens[(index + 1)...].prefix(2).map(\.text)
                if token.text == "now", before == ".", index > 1,
                    ["Date", "ContinuousClock"].contains(file.tokens[index - 2].text)
                {
                    Issue.record("ControlPlane/\(file.path):\(token.line) asks a clock")
                }
                if token.text == "Date", after == ["(", ")"] {
                    Issue.record("ControlPlane/\(file.path):\(token.line) asks a clock")
                }
            }
        }
    }
}

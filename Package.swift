// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

// The kernels are optimised in every configuration: a debug build that is a hundred times slower tests nothing.
let kernelSettings: [CSetting] = [.unsafeFlags(["-O3", "-Wall", "-Wextra", "-Werror"])]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(
    _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = [], resources: [Resource] = []
) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, exclude: exclude, resources: resources, swiftSettings: strict)
}

/// What several test targets share.
func testKit(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, path: "Tests/\(name)", swiftSettings: strict)
}

func systemLibrary(_ name: String, apt package: String) -> Target {
    .systemLibrary(name: name, providers: [.apt([package])])
}

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let nio = ["NIOCore", "NIOHTTP1", "NIOPosix"].map { Target.Dependency.product(name: $0, package: "swift-nio") }
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let database = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let http = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let heaps = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let deques = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let yaml = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "martlet",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "martlet", targets: ["martlet"]),
        .library(name: "MartletTraining", targets: ["MartletTraining"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: [
        systemLibrary("CZeroMQ", apt: "libzmq3-dev"),
        systemLibrary("COpenBLAS", apt: "libopenblas-dev"),
        systemLibrary("CProtobufC", apt: "libprotobuf-c-dev"),
        systemLibrary("COpenSSL", apt: "libssl-dev"),
        .systemLibrary(name: "CThreads"),
        systemLibrary("CZlib", apt: "zlib1g-dev"),
        .target(
            name: "CImages", cSettings: kernelSettings, linkerSettings: [.linkedLibrary("jpeg"), .linkedLibrary("png")]),
        .target(name: "CKernels", cSettings: kernelSettings),
        .target(name: "CProcess", cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]),
        .target(name: "CSharedMemory", cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]),
        .target(name: "CWire", dependencies: ["CProtobufC"]),

        module("Digests", ["COpenSSL"]),
        module("Explanations"),
        module("Files"),
        module("StrictYAML", ["Files", "Explanations", yaml]),
        module("Tensors", ["CKernels", "COpenBLAS"]),
        module("NeuralNetworks", ["Tensors"]),
        module("Compression", ["CZlib"]),
        module("Datasets", ["CImages", "Compression", "Digests", "Explanations"]),
        module("Checkpoints", ["Digests", "Files"]),
        module("Wire", ["CWire", "Digests"]),
        module("WireFuzzing", ["Wire", "Digests"]),
        module("Threads", ["CThreads", deques]), module("Processes", ["CProcess", "Wire"]),
        module(
            "Messaging", ["CZeroMQ", "Explanations", "Files", "Threads", "Wire", "Digests", deques, heaps, logging]),
        module("Collectives", ["CSharedMemory", "Messaging", "Wire", "Tensors", "Threads"]),
        module(
            "Training",
            [
                "Collectives", "Checkpoints", "Datasets", "NeuralNetworks", "Tensors", "StrictYAML",
                "Digests",
                "Explanations", "Threads",
            ]),
        module(
            "Serving",
            [
                "Messaging", "Wire", "Checkpoints", "Datasets", "NeuralNetworks", "Tensors", "Training", "Digests",
                "Explanations", "Threads", deques, logging,
            ]),
        module(
            "ClusterProtocol",
            ["Messaging", "Wire", "Checkpoints", "Digests", "Explanations", "Files", logging]),
        module(
            "JobProtocol",
            [
                "ClusterProtocol", "Training", "NeuralNetworks", "Datasets", "Checkpoints", "Messaging", "Wire",
                "Digests", "Explanations", "Files",
            ]),
        module(
            "ControlPlane",
            [
                "ClusterProtocol", "JobProtocol", "Training", "NeuralNetworks", "Datasets", "Checkpoints",
                "Wire", "Digests", "Explanations",
            ]),
        module(
            "Coordinator",
            [
                "ClusterProtocol", "JobProtocol", "ControlPlane", "Processes", "Training", "NeuralNetworks", "Tensors",
                "Datasets", "Checkpoints", "Messaging", "Wire", "Digests", "Explanations", "Files", "Threads",
                database, deques, logging, lifecycle,
            ]),
        module(
            "Nodes",
            [
                "ClusterProtocol", "JobProtocol", "Processes", "Serving", "Training", "Collectives", "NeuralNetworks",
                "Tensors", "Datasets", "Checkpoints", "Messaging", "Wire", "Digests", "Explanations", "Files",
                "Threads", logging, lifecycle,
            ]),
        module(
            "LocalCluster",
            [
                "ClusterProtocol", "JobProtocol", "Coordinator", "StrictYAML", "Checkpoints", "Messaging", "Wire",
                "Explanations", "Files", logging,
            ]),
        module(
            "MartletTraining",
            [
                "ClusterProtocol", "Training", "Collectives", "NeuralNetworks", "Tensors", "Messaging", "Wire",
                "Checkpoints",
                "Datasets", "Digests", "Explanations", "Files", "Threads", logging,
            ]),
        .executableTarget(
            name: "custom-model", dependencies: ["MartletTraining"], path: "examples/custom-model",
            exclude: ["README.md"], swiftSettings: strict),
        module(
            "Gateway",
            [
                "ClusterProtocol", "Compression", "Messaging", "Wire", "Checkpoints", "Digests", "Explanations",
                "Files",
                http, logging, lifecycle,
            ] + nio),
        module("LoadTesting"),
        module("Reports"),
        .executableTarget(
            name: "martlet",
            dependencies: [
                "Gateway", "ClusterProtocol", "JobProtocol", "ControlPlane", "Coordinator", "Nodes", "LocalCluster",
                "Training", "Messaging", "Collectives", "Datasets", "NeuralNetworks", "Tensors",
                "Wire", "Checkpoints", "Digests", "Explanations", "Files", "LoadTesting", "Reports", "Serving",
                "StrictYAML", "Threads", arguments, logging, lifecycle, signals,
            ] + nio,
            swiftSettings: strict),

        .executableTarget(name: "martlet-fuzz", dependencies: ["WireFuzzing"], swiftSettings: strict),

        tests("StructureTests"),
        tests("DigestsTests", ["Digests"]),
        tests("ExplanationsTests", ["Explanations"]),
        tests("FilesTests", ["Files"]),
        tests("ThreadsTests", ["Threads"]),
        tests("LoadTestingTests", ["LoadTesting"]),
        tests("ReportsTests", ["Reports"]),
        tests("StrictYAMLTests", ["StrictYAML"]),
        tests("TensorsTests", ["Tensors", "CKernels"]),
        tests("NeuralNetworksTests", ["NeuralNetworks", "Tensors"], resources: [.copy("Fixtures")]),
        .target(
            name: "CJPEGWriting", path: "Tests/CJPEGWriting",
            cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])], linkerSettings: [.linkedLibrary("jpeg")]),
        tests("DatasetsTests", ["Datasets", "CJPEGWriting", "Compression", "Digests"], resources: [.copy("Fixtures")]),
        tests("CheckpointsTests", ["Checkpoints", "Digests"], resources: [.copy("Fixtures")]),
        tests("WireTests", ["Wire", "WireFuzzing", "Digests"]),
        tests("MessagingTests", ["Messaging", "Wire", "WireFuzzing", "Digests", "CZeroMQ", deques, logging]),
        testKit("CollectivesTestKit", ["Collectives", "Messaging", "Wire"]),
        tests("CollectivesTests", ["Collectives", "CollectivesTestKit", "Messaging", "Tensors", "Wire", logging]),
        .target(
            name: "CAllocations", path: "Tests/CAllocations",
            cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]),
        tests(
            "TrainingTests",
            [
                "Training", "CAllocations", "Checkpoints", "Collectives", "CollectivesTestKit", "Datasets", "Digests",
                "NeuralNetworks", "Tensors",
            ],
            resources: [.copy("Fixtures")]),
        tests(
            "ServingTests",
            [
                "Serving", "ClusterProtocol", "Nodes", "Checkpoints", "Datasets", "Digests", "Messaging",
                "NeuralNetworks", "Tensors",
                "Training", "Wire", logging,
            ]),
        tests(
            "ClusterTests",
            [
                "ClusterProtocol", "JobProtocol", "ControlPlane", "Coordinator", "Nodes", "LocalCluster", "Processes",
                "Threads", "Files", "Explanations", "Serving", "Collectives", "Tensors", "Checkpoints", "Datasets",
                "Digests", "Messaging", "NeuralNetworks", "StrictYAML",
                "Training", "Wire", "WireFuzzing",
                database, logging, lifecycle,
            ],
            exclude: ["Fixtures/messages.json", "Fixtures/state.sql"]),
        tests("MartletTrainingTests", ["MartletTraining", "ClusterProtocol", "Messaging", "Tensors", "Threads"]),
        tests(
            "GatewayTests",
            [
                "Gateway", "ClusterProtocol", "Checkpoints", "Digests", "Messaging", "Wire", logging, lifecycle,
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ] + nio,
            exclude: ["Fixtures/routing.json"]),
        tests(
            "ProgramTests",
            [
                "martlet", "ClusterProtocol", "JobProtocol", "ControlPlane", "Coordinator", "LocalCluster", "Nodes",
                "Explanations", "Checkpoints", "Datasets", "Digests", "Gateway", "Messaging", "NeuralNetworks",
                "Reports", "Serving", "StrictYAML", "Tensors", "Training", "Wire", logging, arguments,
            ]),
        tests(
            "SystemTests",
            [
                "ClusterProtocol", "JobProtocol", "ControlPlane", "Coordinator", "LocalCluster", "Explanations",
                "LoadTesting", "Checkpoints", "Digests", "NeuralNetworks", "Tensors", "Training", "Wire",
                "Messaging", "Threads", "martlet", logging,
            ]),
    ]
)

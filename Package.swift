// swift-tools-version: 6.2
import PackageDescription

let swift: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "boltzmann",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Boltzmann", targets: ["Boltzmann", "BoltzmannCompute", "BoltzmannData"]),
    .library(name: "BoltzmannAdversarial", targets: ["BoltzmannAdversarial"]),
    .library(name: "BoltzmannRecommendation", targets: ["BoltzmannRecommendation"]),
    .library(name: "BoltzmannReference", targets: ["BoltzmannReference"]),
    .executable(name: "boltzmann", targets: ["BoltzmannCommand"]),
    .executable(name: "boltzmann-benchmark", targets: ["boltzmann-benchmark"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
  ],
  targets: [
    .systemLibrary(
      name: "CBoltzmannOpenBLAS", pkgConfig: "openblas lapacke",
      providers: [.apt(["libopenblas-dev", "liblapacke-dev"]), .brew(["openblas"])]),
    .systemLibrary(
      name: "CBoltzmannZlib", pkgConfig: "zlib",
      providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .target(
      name: "CBoltzmannKernels",
      cSettings: [.enableWarning("all")],
      linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
    .target(
      name: "BoltzmannCompute", dependencies: ["CBoltzmannKernels", "CBoltzmannOpenBLAS"],
      swiftSettings: swift),
    .target(name: "Boltzmann", dependencies: ["BoltzmannCompute"], swiftSettings: swift),
    .target(
      name: "BoltzmannAdversarial", dependencies: ["Boltzmann", "BoltzmannCompute"], swiftSettings: swift),
    .target(
      name: "BoltzmannData",
      dependencies: ["Boltzmann", "BoltzmannAdversarial", "BoltzmannCompute", "CBoltzmannZlib"],
      resources: [.embedInCode("Resources/digits.csv.gz")], swiftSettings: swift),
    .target(
      name: "BoltzmannRecommendation", dependencies: ["Boltzmann", "BoltzmannCompute", "BoltzmannData"],
      swiftSettings: swift),
    .target(name: "BoltzmannReference", swiftSettings: swift),
    .executableTarget(
      name: "BoltzmannCommand",
      dependencies: [
        "Boltzmann", "BoltzmannAdversarial", "BoltzmannCompute", "BoltzmannData", "BoltzmannRecommendation",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: swift),
    .executableTarget(
      name: "boltzmann-benchmark",
      dependencies: [
        "Boltzmann", "BoltzmannCompute", "BoltzmannData", "BoltzmannRecommendation", "BoltzmannReference",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Benchmarks/boltzmann-benchmark", swiftSettings: swift),
    .executableTarget(
      name: "boltzmann-published",
      dependencies: [
        "Boltzmann", "BoltzmannCompute", "BoltzmannData",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Benchmarks/published", swiftSettings: swift),
    .target(
      name: "BoltzmannTestSupport",
      dependencies: ["Boltzmann", "BoltzmannCompute", "BoltzmannReference"],
      path: "Tests/Support", swiftSettings: swift),
    .testTarget(
      name: "CBoltzmannKernelsTests", dependencies: ["CBoltzmannKernels", "BoltzmannTestSupport"],
      swiftSettings: swift),
    .testTarget(
      name: "BoltzmannComputeTests", dependencies: ["BoltzmannCompute", "BoltzmannTestSupport"],
      swiftSettings: swift),
    .testTarget(
      name: "BoltzmannReferenceTests", dependencies: ["BoltzmannReference", "BoltzmannTestSupport"],
      swiftSettings: swift),
    .testTarget(
      name: "BoltzmannTests",
      dependencies: ["Boltzmann", "BoltzmannCompute", "BoltzmannReference", "BoltzmannTestSupport"],
      swiftSettings: swift),
    .testTarget(
      name: "BoltzmannAdversarialTests",
      dependencies: [
        "Boltzmann", "BoltzmannAdversarial", "BoltzmannCompute", "BoltzmannReference", "BoltzmannTestSupport",
      ],
      swiftSettings: swift),
    .testTarget(
      name: "BoltzmannDataTests",
      dependencies: [
        "Boltzmann", "BoltzmannAdversarial", "BoltzmannCompute", "BoltzmannData", "BoltzmannTestSupport",
      ],
      swiftSettings: swift),
    .testTarget(
      name: "BoltzmannRecommendationTests",
      dependencies: [
        "Boltzmann", "BoltzmannCompute", "BoltzmannData", "BoltzmannRecommendation", "BoltzmannReference",
        "BoltzmannTestSupport",
      ],
      swiftSettings: swift),
    .testTarget(
      name: "BoltzmannCommandTests",
      dependencies: [
        "Boltzmann", "BoltzmannAdversarial", "BoltzmannCommand", "BoltzmannCompute", "BoltzmannData",
        "BoltzmannReference", "BoltzmannTestSupport",
      ],
      swiftSettings: swift),
  ],
  cLanguageStandard: .c11
)

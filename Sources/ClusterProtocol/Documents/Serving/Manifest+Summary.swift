package import Checkpoints

extension Manifest {
    /// Without the rows that only inference nodes need: what is kept in the registry and shown.
    package var withoutGolden: Manifest {
        var manifest = self
        manifest.golden = Golden(input: [], rows: 0, output: [], tolerance: golden.tolerance)
        return manifest
    }

    /// Without what only those need who run the model: they fetch the manifest by its digest. So a version takes a few
    /// hundred bytes in a list, whatever its vocabulary.
    package var summary: Manifest {
        var manifest = withoutGolden
        manifest.specification = ""
        manifest.preprocessing = ""
        for index in manifest.interface.inputs.indices { manifest.interface.inputs[index].columns = nil }
        return manifest
    }
}

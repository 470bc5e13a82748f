package import Checkpoints
package import Tensors

extension SafetensorsFile {
    /// Reads the parameters of a network, each the tensor of its name, into their flat buffer: the one way from a file to
    /// parameters, for states of runs, models to start from, versions that are served and files of PyTorch.
    ///
    /// - Parameters:
    ///   - prefix: in front of the names that the tensors have in the file.
    ///   - types: of elements that are taken; numbers that are not 32-bit floats are rounded to such.
    ///   - file: names the file in errors.
    ///   - values: flat, as `parameters` says; untouched if a tensor does not fit.
    /// - Throws: `StateDictionaryError` with every parameter that is not there as it must be, or `StoreError` if the file
    ///   cannot be read. Tensors besides them do not matter: see `SafetensorsLayout.strangers(to:)`.
    package func read(
        _ parameters: ParameterLayout, prefix: String = "",
        types: (SafetensorsLayout.ElementType) -> Bool = \.isReadAsFloats, of file: String,
        into values: UnsafeMutablePointer<Float>
    ) throws {
        let misfits = layout.misfits(of: parameters, prefix: prefix, types: types)
        guard misfits.isEmpty else { throw StateDictionaryError(file: file, problems: misfits.map(\.description)) }
        for entry in parameters.entries { try readFloats(prefix + entry.name, into: values + entry.offset) }
    }
}

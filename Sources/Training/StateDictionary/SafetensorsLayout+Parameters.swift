package import Checkpoints
package import Tensors

extension SafetensorsLayout {
    /// The parameters that are not there as a network has them, in their order.
    ///
    /// - Parameters:
    ///   - prefix: in front of the names that the tensors have in the file.
    ///   - types: of elements that are taken.
    package func misfits(
        of parameters: ParameterLayout, prefix: String = "", types: (ElementType) -> Bool = \.isReadAsFloats
    ) -> [ParameterMisfit] {
        parameters.entries.flatMap { entry -> [ParameterMisfit] in
            let name = prefix + entry.name
            guard let tensor = tensor(named: name) else { return [.missing(name, shape: entry.shape)] }
            return (tensor.shape == entry.shape ? [] : [.otherShape(tensor, expected: entry.shape)])
                + (types(tensor.elementType) ? [] : [.otherType(tensor, expected: entry.shape)])
        }
    }

    /// Names of tensors that are no parameter of a network.
    package func strangers(to parameters: ParameterLayout) -> [String] {
        tensors.map(\.name).filter { parameters.entry(named: $0) == nil }
    }
}

import Datasets
import StrictYAML

extension JobFile {
    /// `normalize: standard`, or `{ name: standard, fit: train }`.
    static func normalization(_ section: YAMLMapping) -> DataSpecification.Normalization {
        guard let value = section.value("normalize"), value.isMapping else {
            return section.choice(
                "normalize", of: DataSpecification.Normalization.self, default: DataSpecification.Normalization.none)
        }
        return value.mapping { entry in
            if let fit = entry.value("fit"), let part = fit.asString(), part != "train" {
                fit.report(
                    "normalisation is fitted on the training part only, found '\(part)': fitted on more, the model "
                        + "would know something of the samples that it is tested on, and its figures would be too "
                        + "good; leave fit out, or set it to train")
            }
            return entry.choice("name", of: DataSpecification.Normalization.self)
        } ?? .none
    }
}

package import Datasets

/// The samples of one worker's slices, in slice order, and the sizes over all workers.
package struct TrainingShards {
    package var training: [Samples]
    /// Empty where the split has no such part.
    package var validation: [Samples]
    package var test: [Samples]
    package var trainingRows: Int
    package var validationRows: Int
    /// Random changes to training samples; nil: none.
    package var augmentation: Augmentation?

    package init(
        training: [Samples], validation: [Samples], test: [Samples], trainingRows: Int, validationRows: Int,
        augmentation: Augmentation? = nil
    ) {
        self.training = training
        self.validation = validation
        self.test = test
        self.trainingRows = trainingRows
        self.validationRows = validationRows
        self.augmentation = augmentation
    }
}

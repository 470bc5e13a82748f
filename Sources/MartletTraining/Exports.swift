// Layers, losses, optimizers and values are part of this product's own interface.
@_exported public import NeuralNetworks
@_exported public import struct Datasets.DataSpecification
@_exported public import struct Training.EpochRecord
@_exported public import struct Training.StateDictionaryError
@_exported public import struct Training.TrainSpecification

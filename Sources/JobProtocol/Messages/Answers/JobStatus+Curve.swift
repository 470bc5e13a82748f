import Training

extension JobStatus {
    /// With the epochs of the curve behind this one.
    package func since(epoch: Int?) -> JobStatus {
        guard let epoch else { return self }
        var status = self
        status.curve = curve.filter { $0.epoch > epoch }
        return status
    }
}

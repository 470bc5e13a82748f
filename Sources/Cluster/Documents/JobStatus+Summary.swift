import Training

extension JobStatus {
    /// As it stands in a list: of the curve the last epoch alone.
    var summary: JobStatus {
        var status = self
        status.curve = Array(curve.suffix(1))
        return status
    }

    /// With the epochs of the curve behind this one.
    func since(epoch: Int?) -> JobStatus {
        guard let epoch else { return self }
        var status = self
        status.curve = curve.filter { $0.epoch > epoch }
        return status
    }
}

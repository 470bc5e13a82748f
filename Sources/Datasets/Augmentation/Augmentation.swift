/// Random changes to samples of the training part, drawn anew for each sample in each epoch.
public struct Augmentation: Codable, Sendable, Equatable {
    /// Mirrors left and right, every second picture on average.
    public var flipHorizontally: Bool
    /// Mirrors top and bottom, every second picture on average.
    public var flipVertically: Bool
    /// Moves the picture by up to so many pixels in each direction, as a random crop of a padded picture does.
    public var crop: Int
    /// Turns it by up to so many degrees either way.
    public var rotation: Double
    /// Standard deviation of normal noise, in units of the normalised inputs.
    public var noise: Double
    /// Parameter of the beta distribution from which the share of a second sample is drawn; 0: none.
    public var mixup: Double

    public init(
        flipHorizontally: Bool = false, flipVertically: Bool = false, crop: Int = 0, rotation: Double = 0,
        noise: Double = 0, mixup: Double = 0
    ) {
        self.flipHorizontally = flipHorizontally
        self.flipVertically = flipVertically
        self.crop = crop
        self.rotation = rotation
        self.noise = noise
        self.mixup = mixup
    }

    /// Whether it moves pixels, so that a sample has to be a picture.
    public var needsPicture: Bool { flipHorizontally || flipVertically || crop > 0 || rotation > 0 }
}

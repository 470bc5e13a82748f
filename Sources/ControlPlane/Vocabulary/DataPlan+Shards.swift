import Datasets
import Digests

extension DataPlan {
    var shardDigests: [ContentDigest] { (training + validation + test).map(\.digest) }
}

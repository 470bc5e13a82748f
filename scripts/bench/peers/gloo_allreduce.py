"""All-reduce over loopback TCP with gloo, as PyTorch uses it on CPUs: gloo_allreduce.py RANKS

Prints for each size the median time of one all-reduce in place and the bus bandwidth, 2 (ranks - 1) / ranks x bytes /
time, as nccl-tests defines it. Sizes and repetitions are those of `martlet bench allreduce`.
"""

import os
import statistics
import sys
import time

import torch
import torch.distributed as dist
import torch.multiprocessing as mp

SIZES = [256, 4096, 65536, 1 << 20, 4 << 20, 16 << 20]


def measure(rank: int, ranks: int) -> None:
    torch.set_num_threads(1)
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT="29556")
    dist.init_process_group("gloo", rank=rank, world_size=ranks)
    for count in SIZES:
        values = torch.zeros(count)
        for _ in range(5):
            dist.all_reduce(values)
        dist.barrier()
        seconds = []
        for _ in range(max(5, min(200, (32 << 20) // count))):
            start = time.perf_counter()
            dist.all_reduce(values)
            seconds.append(time.perf_counter() - start)
        median = statistics.median(seconds)
        bandwidth = 2 * (ranks - 1) / ranks * 4 * count / median / 1e9
        if rank == 0:
            print(f"gloo world={ranks} bytes={4 * count} median={median * 1e6:.1f}us busbw={bandwidth:.2f}GB/s", flush=True)
    dist.destroy_process_group()


if __name__ == "__main__":
    ranks = int(sys.argv[1])
    mp.spawn(measure, args=(ranks,), nprocs=ranks)

"""Training with PyTorch's DistributedDataParallel over gloo, as it is used on CPUs: ddp.py WORKLOAD WORKERS

Prints samples per second of all workers together and the peak resident memory of one worker process. Networks, batch
per worker and optimizer are those of `martlet bench train`: AdamW with a learning rate of 0.001, f32, one thread a
worker. Five steps warm up, then eight seconds count. Every step takes the same made-up batch.
"""

import os
import resource
import signal
import socket
import sys
import time

import torch
import torch.distributed as dist
import torch.multiprocessing as mp
import torch.nn.functional as F
from torch import nn
from torch.nn.parallel import DistributedDataParallel

WARM_UP_STEPS = 5
SECONDS = 8
STEPS_BETWEEN_LOOKS = 5  # at the clock, which all workers read alike: that of rank 0


def mlp():
    return nn.Sequential(
        nn.Linear(784, 512), nn.ReLU(),
        nn.Linear(512, 512), nn.ReLU(),
        nn.Linear(512, 10),
    )


def cnn():
    return nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(64 * 7 * 7, 128), nn.ReLU(),
        nn.Linear(128, 10),
    )


class RecurrentLanguageModel(nn.Module):
    def __init__(self, tokens=256, embedding=128, width=256):
        super().__init__()
        self.embedding = nn.Embedding(tokens, embedding)
        self.recurrence = nn.LSTM(embedding, width, batch_first=True)
        self.head = nn.Linear(width, tokens)

    def forward(self, tokens):
        hidden, _ = self.recurrence(self.embedding(tokens))
        return self.head(hidden).flatten(0, 1)


class TransformerBlock(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.attention_norm = nn.LayerNorm(width)
        self.query_key_value = nn.Linear(width, 3 * width)
        self.attention_output = nn.Linear(width, width)
        self.inner_norm = nn.LayerNorm(width)
        self.inner = nn.Linear(width, 4 * width)
        self.outer = nn.Linear(4 * width, width)

    def forward(self, x):
        batch, positions, width = x.shape
        projected = self.query_key_value(self.attention_norm(x))
        query, key, value = (
            part.view(batch, positions, self.heads, width // self.heads).transpose(1, 2)
            for part in projected.split(width, dim=2)
        )
        attended = F.scaled_dot_product_attention(query, key, value, is_causal=True)
        x = x + self.attention_output(attended.transpose(1, 2).reshape(batch, positions, width))
        return x + self.outer(F.gelu(self.inner(self.inner_norm(x)), approximate="tanh"))


class GPT(nn.Module):
    def __init__(self, tokens=512, width=256, layers=4, heads=4, positions=128):
        super().__init__()
        self.token_embedding = nn.Embedding(tokens, width)
        self.position_embedding = nn.Embedding(positions, width)
        self.blocks = nn.Sequential(*(TransformerBlock(width, heads) for _ in range(layers)))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, tokens, bias=False)

    def forward(self, tokens):
        x = self.token_embedding(tokens) + self.position_embedding(torch.arange(tokens.shape[1]))
        return self.head(self.norm(self.blocks(x))).flatten(0, 1)


def images(*shape):
    return lambda batch: (torch.randn(batch, *shape), torch.randint(10, (batch,)))


def text(tokens, positions):
    return lambda batch: (torch.randint(tokens, (batch, positions)), torch.randint(tokens, (batch * positions,)))


# By name: the network, its made-up data, and the rows of a worker's batch.
WORKLOADS = {
    "mlp": (mlp, images(784), 128),
    "cnn": (cnn, images(1, 28, 28), 64),
    "lstm": (RecurrentLanguageModel, text(256, 64), 32),
    "gpt": (GPT, text(512, 128), 8),
}


def train(rank: int, workload: str, workers: int, port: int) -> None:
    # The kernel sends it when the parent is gone, and this process may have inherited that it is to be ignored.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    torch.set_num_threads(1)
    torch.manual_seed(0)
    dist.init_process_group("gloo", init_method=f"tcp://127.0.0.1:{port}", rank=rank, world_size=workers)
    network, data, batch = WORKLOADS[workload]
    model = network()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    if workers > 1:
        model = DistributedDataParallel(model)
    inputs, labels = data(batch)

    def steps(count):
        for _ in range(count):
            optimizer.zero_grad(set_to_none=True)
            F.cross_entropy(model(inputs), labels).backward()
            optimizer.step()

    steps(WARM_UP_STEPS)
    dist.barrier()
    start = time.perf_counter()
    done = 0
    is_over = torch.zeros(1)
    while not is_over.item():
        steps(STEPS_BETWEEN_LOOKS)
        done += STEPS_BETWEEN_LOOKS
        is_over.fill_(time.perf_counter() - start > SECONDS)
        if workers > 1:
            dist.broadcast(is_over, 0)
    elapsed = time.perf_counter() - start
    if rank == 0:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024  # told in KiB
        rate = done * batch * workers / elapsed
        print(
            f"{workload} world={workers} batch/worker={batch} samples/s={rate:.1f} peak-rss-mb={peak / 1e6:.0f}",
            flush=True,
        )
    dist.barrier()
    # Without taking the group down: now and then that ends the process with an abort in a thread of gloo's.
    os._exit(0)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


if __name__ == "__main__":
    # To leave by an exception, rather than be ended, takes the workers along.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    workload, workers = sys.argv[1], int(sys.argv[2])
    mp.spawn(train, args=(workload, workers, free_port()), nprocs=workers, daemon=True)

#!/usr/bin/env python3
"""Asks a running cluster as strangers would: the official tritonclient, safetensors and PyTorch.

    martlet train examples/digits-cnn/job.yaml && martlet promote digits:1
    martlet model export digits:1 --output digits-1
    python3 scripts/check-clients.py 127.0.0.1:8080 digits-1 examples/data/digits.csv

Needs `pip install numpy safetensors tritonclient[http]`, and torch for the last check. Ends with 1 if a check fails.
"""
import csv
import json
import pathlib
import sys

import numpy
import safetensors.numpy
import tritonclient.http as triton

gateway, folder, data = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
rows = list(csv.reader(open(data)))[1:201]
pixels = numpy.array([[float(cell) for cell in row[:64]] for row in rows], numpy.float32).reshape(-1, 1, 8, 8)
digits = numpy.array([row[64] for row in rows])

client = triton.InferenceServerClient(gateway)
logits = {}
for binary in (False, True):
    tensor = triton.InferInput("input", pixels.shape, "FP32")
    tensor.set_data_from_numpy(pixels, binary_data=binary)
    wanted = [triton.InferRequestedOutput(name, binary_data=binary) for name in ("logits", "label")]
    answer = client.infer("digits", [tensor], outputs=wanted)
    logits[binary] = answer.as_numpy("logits")
    right = (answer.as_numpy("label").astype(str) == digits).mean()
    print(f"tritonclient, {'binary' if binary else 'JSON'}: {right:.3f} of {len(rows)} digits right")
    assert right > 0.95
assert numpy.array_equal(logits[False], logits[True]), "JSON and binary answers differ"

weights = safetensors.numpy.load_file(folder / "model.safetensors")
print("safetensors:", {name: tensor.shape for name, tensor in weights.items()})

try:
    import torch
except ImportError:
    sys.exit(print("torch is not installed: the logits were not compared"))
manifest = json.loads((folder / "manifest.json").read_text())
preprocessing = json.loads(manifest["preprocessing"])
layers, previous = [], 1
for layer in json.loads(manifest["specification"])["model"]["layers"]:
    (kind, values), = layer.items()
    if kind == "conv2d":
        channels = previous
        layers.append(torch.nn.Conv2d(channels, values["channels"], values["kernel"], values["stride"], values["padding"]))
        previous = values["channels"]
    elif kind == "relu":
        layers.append(torch.nn.ReLU())
    elif kind == "max_pool2d":
        layers.append(torch.nn.MaxPool2d(values["size"], values.get("stride")))
    elif kind == "flatten":
        layers.append(torch.nn.Flatten())
    elif kind == "dropout":
        layers.append(torch.nn.Dropout(values["probability"]))
    elif kind == "linear":
        layers.append(torch.nn.LazyLinear(values["outputs"]))
    else:
        raise SystemExit(f"expected only layers of examples/digits-cnn, found {kind}")
layers.append(torch.nn.LazyLinear(10))
network = torch.nn.Sequential(*layers).eval()
offsets = numpy.array(preprocessing["offsets"])
scales = numpy.array(preprocessing["scales"])
inputs = ((pixels.reshape(-1, 64).astype(numpy.float64) - offsets) / scales).astype(numpy.float32)
with torch.no_grad():
    network(torch.zeros(1, 1, 8, 8))
    network.load_state_dict({name: torch.tensor(tensor) for name, tensor in weights.items()})
    expected = network(torch.tensor(inputs).reshape(-1, 1, 8, 8)).numpy()
difference = (numpy.abs(expected - logits[True]) / numpy.maximum(1, numpy.abs(expected))).max()
print(f"PyTorch with these weights: largest relative difference of the logits {difference:.1e}")
assert difference < 1e-5

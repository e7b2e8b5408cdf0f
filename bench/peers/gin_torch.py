"""GIN in PyTorch, as a peer for the benchmarks: the same networks and the same loss.

Reads requests, one JSON object a line, from standard input and answers each with one line:
  {"work": "vector-step" | "image-step" | "ivae-step" | "encode" | "fit", "threads": T, ...}  ->  {"seconds": [...], "memory": bytes,
  "version": text}; bench/requests.ts says it in full.
"""

import json
import os
import resource
import sys
import time

import torch
from torch import nn

from ivae_torch import ivae_steps


def split(channels):
    return channels // 2, channels - channels // 2


class Coupling(nn.Module):
    """Affine coupling with mean-free scales; a random permutation of the channels comes first."""

    def __init__(self, channels, subnet):
        super().__init__()
        self.a, self.b = split(channels)
        self.first = subnet(self.b, 2 * self.a)
        self.second = subnet(self.a, 2 * self.b)
        self.register_buffer("order", torch.randperm(channels))

    @staticmethod
    def transform(x, st):
        s, t = st.chunk(2, 1)
        s = 2 * torch.tanh(s)
        s = s - s.mean(1, keepdim=True)
        return x * torch.exp(s) + t

    def forward(self, x):
        x = x[:, self.order]
        a, b = x[:, : self.a], x[:, self.a :]
        a = self.transform(a, self.first(b))
        b = self.transform(b, self.second(a))
        return torch.cat([a, b], 1)


def dense(width):
    def subnet(inputs, outputs):
        net = nn.Sequential(
            nn.Linear(inputs, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, outputs)
        )
        nn.init.zeros_(net[-1].weight)
        nn.init.zeros_(net[-1].bias)
        return net

    return subnet


def convolutional(width):
    def subnet(inputs, outputs):
        net = nn.Sequential(
            nn.Conv2d(inputs, width, 3, padding=1), nn.ReLU(),
            nn.Conv2d(width, width, 3, padding=1), nn.ReLU(),
            nn.Conv2d(width, outputs, 3, padding=1),
        )
        nn.init.zeros_(net[-1].weight)
        nn.init.zeros_(net[-1].bias)
        return net

    return subnet


class Gin(nn.Module):
    def __init__(self, flow, classes, features):
        super().__init__()
        self.flow = flow
        self.mean = nn.Parameter(torch.zeros(classes, features))
        self.log_sigma = nn.Parameter(torch.zeros(classes, features))

    def loss(self, x, labels):
        w = self.flow(x)
        log_sigma = self.log_sigma[labels]
        return ((w - self.mean[labels]) ** 2 / 2 * torch.exp(-2 * log_sigma) + log_sigma).mean()


def vector_gin(features=10, blocks=8, width=None, classes=5):
    width = width or max(10, features)
    flow = nn.Sequential(*[Coupling(features, dense(width)) for _ in range(blocks)])
    return Gin(flow, classes, features)


def image_gin():
    flow = nn.Sequential(
        nn.PixelUnshuffle(2), *[Coupling(4, convolutional(16)) for _ in range(4)],
        nn.PixelUnshuffle(2), *[Coupling(16, convolutional(32)) for _ in range(4)],
        nn.Flatten(), *[Coupling(784, dense(392)) for _ in range(2)],
    )
    return Gin(flow, 10, 784)


def train_steps(model, x, labels, batch, warm_seconds, seconds, noise=0.01, rate=1e-3):
    """Seconds of each step: those of the first `warm_seconds` are not counted, those of the next `seconds` are."""
    optimiser = torch.optim.Adam(model.parameters(), lr=rate, foreach=True)
    counted = []
    warm = time.perf_counter() + warm_seconds
    while True:
        start = time.perf_counter()
        rows = torch.randint(len(x), (batch,))
        drawn = x[rows]
        optimiser.zero_grad(set_to_none=True)
        loss = model.loss(drawn + noise * torch.randn_like(drawn), labels[rows])
        loss.backward()
        optimiser.step()
        end = time.perf_counter()
        if start >= warm:
            counted.append(end - start)
        if end >= warm + seconds and counted:
            return counted


def encode(model, x):
    with torch.inference_mode():
        return torch.cat([model.flow(part) for part in x.split(240)])


def answer(request):
    torch.set_num_threads(request.get("threads", 1))
    torch.manual_seed(0)
    work = request["work"]
    if work == "vector-step":
        x, labels = torch.randn(10_000, 10), torch.randint(5, (10_000,))
        return train_steps(vector_gin(), x, labels, 1000, request["warmSeconds"], request["seconds"])
    if work == "image-step":
        x, labels = torch.rand(2_400, 1, 28, 28), torch.randint(10, (2_400,))
        return train_steps(image_gin(), x, labels, 240, request["warmSeconds"], request["seconds"])
    if work == "ivae-step":
        return ivae_steps(request["batch"], request["warmSeconds"], request["seconds"])
    if work == "encode":
        model, x = image_gin(), torch.rand(request["samples"], 1, 28, 28)
        encode(model, x[:2_000])
        start = time.perf_counter()
        encode(model, x)
        return [time.perf_counter() - start]
    if work == "fit":
        samples, epochs = request["samples"], request["epochs"]
        model, x, labels = vector_gin(), torch.randn(samples, 10), torch.randint(5, (samples,))
        start = time.perf_counter()
        optimiser = torch.optim.Adam(model.parameters(), lr=1e-2, foreach=True)
        for _ in range(epochs):
            for rows in torch.randperm(samples).split(1000):
                drawn = x[rows]
                optimiser.zero_grad(set_to_none=True)
                model.loss(drawn + 0.01 * torch.randn_like(drawn), labels[rows]).backward()
                optimiser.step()
        return [time.perf_counter() - start]
    raise ValueError(f"unknown work {work}")


def blas():
    """The library of linear algebra that the process has loaded, where Linux tells: the speed of dense layers is its."""
    try:
        with open("/proc/self/maps") as maps:
            folders = {os.path.dirname(os.path.realpath(line.split()[-1])) for line in maps if "/libblas.so" in line}
    except OSError:
        return ""
    kinds = {"openblas": "OpenBLAS", "blis": "BLIS", "atlas": "ATLAS", "blas": "the reference BLAS"}
    found = (kinds.get(os.path.basename(folder).split("-")[0]) for folder in folders)
    return "".join(f" with {name}" for name in found if name)


for line in sys.stdin:
    seconds = answer(json.loads(line))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    version = f"PyTorch {torch.__version__}{blas()}"
    print(json.dumps({"seconds": seconds, "memory": memory, "version": version}), flush=True)

"""iVAE in PyTorch, as a peer for the benchmarks: the same networks and the same evidence lower bound."""

import math
import time

import torch
from torch import nn
from torch.nn import functional as F

LATENTS, FEATURES, CLASSES, WIDTH, DEPTH, VARIANCE, SLOPE = 5, 5, 40, 100, 3, 0.01, 0.1


def mlp(inputs, outputs):
    widths = [inputs] + [WIDTH] * DEPTH
    hidden = [part for a, b in zip(widths, widths[1:]) for part in (nn.Linear(a, b), nn.LeakyReLU(SLOPE))]
    return nn.Sequential(*hidden, nn.Linear(WIDTH, outputs))


class Ivae(nn.Module):
    """An encoder of data and class, a decoder of fixed variance, and a table of means and log scales for the prior."""

    def __init__(self):
        super().__init__()
        self.encoder = mlp(FEATURES + CLASSES, 2 * LATENTS)
        self.decoder = mlp(LATENTS, FEATURES)
        self.prior = nn.Embedding(CLASSES, 2 * LATENTS)
        nn.init.zeros_(self.prior.weight)

    def loss(self, x, labels, one_hot):
        mean, log_sigma = self.encoder(torch.cat([x, one_hot], 1)).chunk(2, 1)
        noise = torch.randn_like(mean)
        z = mean + log_sigma.exp() * noise
        location, log_scale = self.prior(labels).chunk(2, 1)
        # The constants of the three densities, for each sample.
        constant = 0.5 * FEATURES * math.log(2 * math.pi * VARIANCE)
        observation = ((x - self.decoder(z)) ** 2).sum(1) / (2 * VARIANCE) + constant
        prior = (((z - location) * (-log_scale).exp()) ** 2 / 2 + log_scale).sum(1)
        entropy = (noise ** 2 / 2 + log_sigma).sum(1)
        return (observation + prior - entropy).mean() / FEATURES


def ivae_steps(batch, warm_seconds, seconds, samples=40_000):
    """Seconds of each step: those of the first `warm_seconds` are not counted, those of the next `seconds` are."""
    model = Ivae()
    x, labels = torch.rand(samples, FEATURES), torch.randint(CLASSES, (samples,))
    one_hot = F.one_hot(labels, CLASSES).float()
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3, foreach=True)
    counted = []
    warm = time.perf_counter() + warm_seconds
    while True:
        start = time.perf_counter()
        rows = torch.randint(samples, (batch,))
        optimiser.zero_grad(set_to_none=True)
        loss = model.loss(x[rows], labels[rows], one_hot[rows])
        loss.backward()
        optimiser.step()
        end = time.perf_counter()
        if start >= warm:
            counted.append(end - start)
        if end >= warm + seconds and counted:
            return counted

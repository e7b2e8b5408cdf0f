"""Writes test/fixtures/ivae-*.safetensors: the objective of iVAE and its kin in PyTorch, in double precision.

    python3 scripts/make-ivae-reference.py

Needs PyTorch and NumPy (made with 1.13 and 1.24). Densities are those of torch.distributions; networks and objective are
written here from the papers' equations and share nothing with the engine but the names of their tensors.

Each file holds the weights (float32), `input` [sample][feature], `labels` (of conditions that are points their coordinates), `noise` [sample][latent], for each sample
`observation` log p(x|z), `prior` log p(z|u), `entropy` log q(z|x,u), `joint` log sum_j q_j(z) and `marginals`
sum_i log sum_j q_j(z_i) (the last two of diagonal posteriors), and for each of the `weights` [objective][a, b, c, d] the `loss` (minus the objective's mean over
samples and features) and `gradient.OBJECTIVE.TENSOR` (float64). With several codes a sample, `noise.1` and so on are
those of the others, and the objective is the log of the mean of their weights.
"""

from importlib.machinery import SourceFileLoader
from pathlib import Path

import numpy as np
import torch
from torch.distributions import Bernoulli, Laplace, MultivariateNormal, Normal
from torch.nn import functional as F

reference = SourceFileLoader("reference", str(Path(__file__).with_name("make-reference.py"))).load_module()
SAMPLES, FEATURES, LATENTS, CLASSES, WIDTH, DEPTH = 19, 4, 3, 5, 7, 2
WEIGHTS = [[1, 1, 1, 1], [0.7, 2, 5, 0.5]]
ACTIVATIONS = {
    "leaky-relu": lambda x: F.leaky_relu(x, 0.1),
    "tanh": lambda x: torch.tanh(x) + 0.1 * x,
    "silu": F.silu,
    "relu": F.relu,
}
CASES = {
    "ivae-learned": dict(activation="leaky-relu", encoder="xu", prior="learned", family="gaussian", decoder="gaussian"),
    "ivae-laplace": dict(activation="tanh", encoder="x", prior="zero-mean", family="laplace", decoder="bernoulli"),
    "ivae-conditioned": dict(activation="relu", encoder="xu", prior="learned", family="laplace", decoder="gaussian"),
    "ivae-standard": dict(
        activation="silu", encoder="x", prior="standard", family="gaussian", decoder="gaussian", variance=0.25
    ),
    "ivae-importance": dict(
        activation="silu", encoder="xu", prior="learned", family="gaussian", decoder="gaussian", full=True, skip=True, codes=3
    ),
    "ivae-points": dict(
        activation="silu", encoder="xu", prior="learned", family="gaussian", decoder="gaussian", points=2
    ),
    "ivae-points-zero": dict(
        activation="tanh", encoder="x", prior="zero-mean", family="laplace", decoder="gaussian", points=2
    ),
}


def mlp(weights, name, x, activation, labels=None):
    start = x
    for layer in range(DEPTH + 1):
        x = F.linear(x, weights[f"{name}.{layer}.weight"], weights[f"{name}.{layer}.bias"])
        if layer == 0 and f"{name}.condition" in weights:
            x = x + F.one_hot(labels, CLASSES).double() @ weights[f"{name}.condition"]
        if layer == 0 and f"{name}.condition.weight" in weights:
            x = x + F.linear(labels, weights[f"{name}.condition.weight"])
        if layer < DEPTH:
            x = activation(x)
    if f"{name}.skip.weight" in weights:
        direct = F.linear(start, weights[f"{name}.skip.weight"])
        x = x + F.pad(direct, (0, x.shape[1] - direct.shape[1]))
    return x


def declared(case):
    shapes = {}
    posterior = 2 * LATENTS + (LATENTS * (LATENTS - 1) // 2 if case.get("full") else 0)
    for name, inputs, outputs in [("encoder", FEATURES, posterior), ("decoder", LATENTS, FEATURES)]:
        widths = [inputs] + [WIDTH] * DEPTH + [outputs]
        for layer, (a, b) in enumerate(zip(widths, widths[1:])):
            shapes |= {f"{name}.{layer}.weight": [b, a], f"{name}.{layer}.bias": [b]}
    if case.get("skip"):
        shapes |= {"encoder.skip.weight": [LATENTS, FEATURES], "decoder.skip.weight": [FEATURES, LATENTS]}
    points = case.get("points", 0)
    if case["encoder"] == "xu":
        shapes |= {"encoder.condition.weight": [WIDTH, points]} if points else {"encoder.condition": [CLASSES, WIDTH]}
    if case["decoder"] == "gaussian" and "variance" not in case:
        shapes["decoder.log_sigma"] = [FEATURES]
    if points:
        widths = [points, 64, 64, 2 * LATENTS]
        for layer, (a, b) in enumerate(zip(widths, widths[1:])):
            shapes |= {f"prior.network.{layer}.weight": [b, a], f"prior.network.{layer}.bias": [b]}
        return shapes
    if case["prior"] == "learned":
        shapes["prior.mean"] = [CLASSES, LATENTS]
    if case["prior"] != "standard":
        shapes["prior.log_scale"] = [CLASSES, LATENTS]
    return shapes


def terms(case, weights, x, labels, noise):
    activation = ACTIVATIONS[case["activation"]]
    encoded = mlp(weights, "encoder", x, activation, labels)
    mean, log_sigma = encoded[:, :LATENTS], encoded[:, LATENTS : 2 * LATENTS]
    if case.get("full"):
        below = torch.zeros(len(x), LATENTS, LATENTS, dtype=torch.float64)
        rows, columns = torch.tril_indices(LATENTS, LATENTS, -1)
        below[:, rows, columns] = encoded[:, 2 * LATENTS :]
        factor = log_sigma.exp()[:, :, None] * (torch.eye(LATENTS, dtype=torch.float64) + below)
        posterior = MultivariateNormal(mean, scale_tril=factor)
        z = mean + (factor @ noise[:, :, None])[:, :, 0]
        entropy = posterior.log_prob(z)
    else:
        z = mean + log_sigma.exp() * noise
        entropy = Normal(mean, log_sigma.exp()).log_prob(z).sum(1)
    zero = torch.zeros(CLASSES, LATENTS, dtype=torch.float64)
    if case.get("points"):
        rows = labels
        for layer in range(3):
            rows = F.linear(rows, weights[f"prior.network.{layer}.weight"], weights[f"prior.network.{layer}.bias"])
            rows = F.silu(rows) if layer < 2 else rows
        location = rows[:, :LATENTS] * (case["prior"] == "learned")
        scale = rows[:, LATENTS:].exp()
    else:
        location = weights.get("prior.mean", zero)[labels]
        scale = weights.get("prior.log_scale", zero)[labels].exp()
    prior = {"gaussian": Normal, "laplace": Laplace}[case["family"]](location, scale)
    output = mlp(weights, "decoder", z, activation)
    if case["decoder"] == "bernoulli":
        observation = Bernoulli(logits=output, validate_args=False).log_prob(x)
    else:
        sigma = weights["decoder.log_sigma"].exp() if "variance" not in case else case["variance"] ** 0.5
        observation = Normal(output, sigma).log_prob(x)
    # [sample][posterior][latent]
    pairs = Normal(mean[None], log_sigma.exp()[None]).log_prob(z[:, None])
    return {
        "observation": observation.sum(1),
        "prior": prior.log_prob(z).sum(1),
        "entropy": entropy,
        "joint": pairs.sum(2).logsumexp(1),
        "marginals": pairs.logsumexp(1).sum(1),
    }


def objective(parts, a, b, c, d):
    information = parts["entropy"] - parts["joint"]
    correlation = parts["joint"] - parts["marginals"]
    dimensions = parts["marginals"] - parts["prior"]
    value = a * parts["observation"] - b * information - c * correlation - d * dimensions
    return -value.mean() / FEATURES


def importance_weighted(codes, a, b):
    weights = torch.stack([a * parts["observation"] + b * (parts["prior"] - parts["entropy"]) for parts in codes])
    return -(weights.logsumexp(0) - np.log(len(codes))).mean() / FEATURES


def make(name, case):
    random = np.random.default_rng(len(name))
    spread = lambda key: 0.15 if key.startswith("prior.network") else 0.4
    arrays = {key: random.normal(0, spread(key), shape).astype(np.float32) for key, shape in declared(case).items()}
    x = random.normal(0, 1, (SAMPLES, FEATURES)).astype(np.float32)
    if case["decoder"] == "bernoulli":
        x = (x > 0).astype(np.float32)
    noise = random.normal(0, 1, (SAMPLES, LATENTS)).astype(np.float32)
    labels = random.integers(0, CLASSES, SAMPLES)
    if "points" in case:
        labels = random.normal(0, 1, (SAMPLES, case["points"])).astype(np.float32)
    codes = case.get("codes", 1)
    others = {f"noise.{k}": random.normal(0, 1, noise.shape).astype(np.float32) for k in range(1, codes)}
    stored, losses = {}, []
    objectives = WEIGHTS if codes == 1 else [[1, 1, 1, 1], [0.7, 2, 2, 2]]
    objectives = objectives[:1] if "points" in case else objectives
    for index, chosen in enumerate(objectives):
        weights = {key: torch.tensor(value, dtype=torch.float64, requires_grad=True) for key, value in arrays.items()}
        batch = (torch.tensor(x).double(), torch.tensor(labels).double() if "points" in case else torch.tensor(labels))
        parts = terms(case, weights, *batch, torch.tensor(noise).double())
        more = [terms(case, weights, *batch, torch.tensor(each).double()) for each in others.values()]
        loss = objective(parts, *chosen) if codes == 1 else importance_weighted([parts, *more], *chosen[:2])
        loss.backward()
        losses.append(loss.item())
        stored |= {f"gradient.{index}.{key}": value.grad.numpy() for key, value in weights.items()}
        stored |= {key: part.detach().numpy() for key, part in parts.items()}
    extra = {"weights": np.array(objectives, dtype=np.float64), "loss": np.array(losses)}
    reference.write_safetensors(name, {**arrays, "input": x, "labels": labels, "noise": noise, **others, **stored, **extra})


if __name__ == "__main__":
    for chosen_name, chosen_case in CASES.items():
        make(chosen_name, chosen_case)

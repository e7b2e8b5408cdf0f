"""Writes test/fixtures/ivae-*.safetensors: the objective of iVAE and its kin in PyTorch, in double precision.

    python3 scripts/make-ivae-reference.py

Needs PyTorch and NumPy (made with 1.13 and 1.24). Densities are those of torch.distributions; networks and objective are
written here from the papers' equations and share nothing with the engine but the names of their tensors.

Each file holds the weights (float32), `input` [sample][feature], `labels`, `noise` [sample][latent], for each sample
`observation` log p(x|z), `prior` log p(z|u), `entropy` log q(z|x,u), `joint` log sum_j q_j(z) and `marginals`
sum_i log sum_j q_j(z_i), and for each of the `weights` [objective][a, b, c, d] the `loss` (minus the objective's mean over
samples and features) and `gradient.OBJECTIVE.TENSOR` (float64).
"""

from importlib.machinery import SourceFileLoader
from pathlib import Path

import numpy as np
import torch
from torch.distributions import Bernoulli, Laplace, Normal
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
}


def mlp(weights, name, x, activation, labels=None):
    for layer in range(DEPTH + 1):
        x = F.linear(x, weights[f"{name}.{layer}.weight"], weights[f"{name}.{layer}.bias"])
        if layer == 0 and f"{name}.condition" in weights:
            x = x + F.one_hot(labels, CLASSES).double() @ weights[f"{name}.condition"]
        if layer < DEPTH:
            x = activation(x)
    return x


def declared(case):
    shapes = {}
    for name, inputs, outputs in [("encoder", FEATURES, 2 * LATENTS), ("decoder", LATENTS, FEATURES)]:
        widths = [inputs] + [WIDTH] * DEPTH + [outputs]
        for layer, (a, b) in enumerate(zip(widths, widths[1:])):
            shapes |= {f"{name}.{layer}.weight": [b, a], f"{name}.{layer}.bias": [b]}
    if case["encoder"] == "xu":
        shapes["encoder.condition"] = [CLASSES, WIDTH]
    if case["decoder"] == "gaussian" and "variance" not in case:
        shapes["decoder.log_sigma"] = [FEATURES]
    if case["prior"] == "learned":
        shapes["prior.mean"] = [CLASSES, LATENTS]
    if case["prior"] != "standard":
        shapes["prior.log_scale"] = [CLASSES, LATENTS]
    return shapes


def terms(case, weights, x, labels, noise):
    activation = ACTIVATIONS[case["activation"]]
    mean, log_sigma = mlp(weights, "encoder", x, activation, labels).chunk(2, 1)
    posterior = Normal(mean, log_sigma.exp())
    z = mean + log_sigma.exp() * noise
    zero = torch.zeros(CLASSES, LATENTS, dtype=torch.float64)
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
        "entropy": posterior.log_prob(z).sum(1),
        "joint": pairs.sum(2).logsumexp(1),
        "marginals": pairs.logsumexp(1).sum(1),
    }


def objective(parts, a, b, c, d):
    information = parts["entropy"] - parts["joint"]
    correlation = parts["joint"] - parts["marginals"]
    dimensions = parts["marginals"] - parts["prior"]
    value = a * parts["observation"] - b * information - c * correlation - d * dimensions
    return -value.mean() / FEATURES


def make(name, case):
    random = np.random.default_rng(len(name))
    arrays = {key: random.normal(0, 0.4, shape).astype(np.float32) for key, shape in declared(case).items()}
    x = random.normal(0, 1, (SAMPLES, FEATURES)).astype(np.float32)
    if case["decoder"] == "bernoulli":
        x = (x > 0).astype(np.float32)
    noise = random.normal(0, 1, (SAMPLES, LATENTS)).astype(np.float32)
    labels = random.integers(0, CLASSES, SAMPLES)
    stored, losses = {}, []
    for index, chosen in enumerate(WEIGHTS):
        weights = {key: torch.tensor(value, dtype=torch.float64, requires_grad=True) for key, value in arrays.items()}
        parts = terms(case, weights, torch.tensor(x).double(), torch.tensor(labels), torch.tensor(noise).double())
        loss = objective(parts, *chosen)
        loss.backward()
        losses.append(loss.item())
        stored |= {f"gradient.{index}.{key}": value.grad.numpy() for key, value in weights.items()}
        stored |= {key: part.detach().numpy() for key, part in parts.items()}
    extra = {"weights": np.array(WEIGHTS, dtype=np.float64), "loss": np.array(losses)}
    reference.write_safetensors(name, {**arrays, "input": x, "labels": labels, "noise": noise, **stored, **extra})


if __name__ == "__main__":
    for chosen_name, chosen_case in CASES.items():
        make(chosen_name, chosen_case)

"""Writes test/fixtures/*.safetensors: GIN's networks in PyTorch, in double precision.

    python3 scripts/make-reference.py

Needs PyTorch and NumPy (made with 1.13 and 1.24). The network is written here from the paper's equations and
shares nothing with the engine but the names of its tensors.

vector-VOLUME: the 10-d preset. Weights and permutations (float32, int64), `input`, `labels`, `output`,
`log_determinant`, and for both priors `PRIOR.loss` and `PRIOR.gradient.TENSOR` (float64).

image-SIDE-VOLUME: the preset for (1,SIDE,SIDE). Its weights (up to 2.6 million), images and tables come from
`hashed`, which test/flows/pytorch.test.ts repeats; stored are permutations, outputs of the first images, log-determinants,
losses, and of every gradient its norm and SAMPLED entries, evenly spread.

Both: `classifier.input_gradient` and `classifier.latent_gradient`, the gradients of the summed cross-entropy of
p(u|w_S) under equal p(u) with respect to input and latents, with S in `classifier.selection` (of the first images
only).
"""

import json
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

FIXTURES = Path(__file__).resolve().parent.parent / "test" / "fixtures"
VOLUMES = ["mean", "last", "none", "additive"]
VARIANCE_FLOOR = 1e-10
SAMPLED = 16


def write_safetensors(name, tensors):
    """Tensors by name as a safetensors file: length of the header, header, data."""
    types = {"float32": "F32", "float64": "F64", "int64": "I64"}
    header, data, offset = {}, [], 0
    for key, tensor in tensors.items():
        array = np.ascontiguousarray(tensor)
        end = offset + array.nbytes
        header[key] = {"dtype": types[array.dtype.name], "shape": list(array.shape), "data_offsets": [offset, end]}
        data.append(array.tobytes())
        offset = end
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path = FIXTURES / f"{name}.safetensors"
    path.write_bytes(len(text).to_bytes(8, "little") + text + b"".join(data))
    print(f"{path.name}: {path.stat().st_size} bytes")


def hashed(first, count):
    """Numbers in [-1, 1) from the integers first .. first + count - 1, exact in float32."""
    h = np.arange(first, first + count, dtype=np.uint32) * np.uint32(2654435761)
    h ^= h >> np.uint32(16)
    h *= np.uint32(2246822519)
    h ^= h >> np.uint32(13)
    return (h >> np.uint32(8)).astype(np.float64) / 2**23 - 1


def blocks(stages, shape):
    """(name, kind, channels, width, depth) of every part of a flow, named as the engine names them."""
    parts = []
    add = lambda kind, **more: parts.append({"name": f"flow.{len(parts)}.{kind}", "kind": kind, **more})
    channels, height, width = shape
    for stage in stages:
        if stage == "downsample":
            add("downsampling")
            channels, height, width = 4 * channels, height // 2, width // 2
        elif stage == "flatten":
            add("flattening")
            channels, height, width = channels * height * width, 1, 1
        else:
            kernel, count, hidden = stage
            for _ in range(count):
                add("permutation", channels=channels)
                add("coupling", channels=channels, kernel=kernel, hidden=[hidden, hidden])
    return parts


def declared(parts, volume):
    """Shapes of all weights and biases, in the engine's order of declaration."""
    shapes = {}
    for part in parts:
        if part["kind"] != "coupling":
            continue
        first = part["channels"] // 2
        second = part["channels"] - first
        window = [part["kernel"]] * 2 if part["kernel"] > 1 else []
        for subnet, inputs, transformed in [("first", second, first), ("second", first, second)]:
            outputs = transformed * (1 if volume == "additive" else 2)
            widths = [inputs, *part["hidden"], outputs]
            for layer, (before, after) in enumerate(zip(widths, widths[1:])):
                shapes[f"{part['name']}.{subnet}.{layer}.weight"] = [after, before, *window]
                shapes[f"{part['name']}.{subnet}.{layer}.bias"] = [after]
    return shapes


def subnet(weights, name, x):
    layer = 0
    while f"{name}.{layer}.weight" in weights:
        weight, bias = weights[f"{name}.{layer}.weight"], weights[f"{name}.{layer}.bias"]
        if layer > 0:
            x = F.relu(x)
        x = F.linear(x, weight, bias) if weight.dim() == 2 else F.conv2d(x, weight, bias, padding=1)
        layer += 1
    return x


def couple(volume, x, st):
    """x exp(s) + t, and the sum of s of every sample."""
    if volume == "additive":
        return x + st, torch.zeros(len(x), dtype=x.dtype)
    raw, t = st.chunk(2, dim=1)
    s = 2 * torch.tanh(raw)
    if volume == "mean":
        s = s - s.mean(dim=1, keepdim=True)
    elif volume == "last":
        s = torch.cat([s[:, :-1], -s[:, :-1].sum(dim=1, keepdim=True)], dim=1)
    return x * torch.exp(s) + t, s.flatten(1).sum(dim=1)


def flow(parts, volume, weights, orders, x):
    log_determinant = torch.zeros(len(x), dtype=x.dtype)
    for part in parts:
        if part["kind"] == "downsampling":
            x = F.pixel_unshuffle(x, 2)
        elif part["kind"] == "flattening":
            x = x.flatten(1)
        elif part["kind"] == "permutation":
            x = x[:, orders[f"{part['name']}.order"]]
        else:
            split = part["channels"] // 2
            a, b = x[:, :split], x[:, split:]
            a, first = couple(volume, a, subnet(weights, part["name"] + ".first", b))
            b, second = couple(volume, b, subnet(weights, part["name"] + ".second", a))
            x = torch.cat([a, b], dim=1)
            log_determinant = log_determinant + first + second
    return x, log_determinant


def negative_log_likelihood(w, log_determinant, mean, log_sigma):
    """Mean a sample and dimension, without the constant; tables have one row a sample."""
    z = (w - mean) / torch.exp(log_sigma)
    return (z**2 / 2 + log_sigma).mean() - log_determinant.mean() / w.shape[1]


def trainable_loss(w, log_determinant, labels, weights):
    mean, log_sigma = weights["prior.mean"], weights["prior.log_sigma"]
    return negative_log_likelihood(w, log_determinant, mean[labels], log_sigma[labels])


def empirical_loss(w, log_determinant, labels, _):
    kept = torch.tensor([(labels == label).sum() >= 2 for label in labels])
    w, log_determinant, labels = w[kept], log_determinant[kept], labels[kept]
    members = [w[labels == label] for label in labels]
    mean = torch.stack([own.mean(dim=0) for own in members])
    variance = torch.stack([own.var(dim=0, unbiased=False) for own in members])
    return negative_log_likelihood(w, log_determinant, mean, 0.5 * torch.log(variance + VARIANCE_FLOOR))


def classifier_gradient(parts, volume, weights, orders, x, labels, selection):
    """d/dx of the sum over samples of -log p(label|w_S)."""
    x = x.clone().requires_grad_(True)
    w = flow(parts, volume, weights, orders, x)[0]
    w.retain_grad()
    mean, log_sigma = (weights[f"prior.{name}"][:, selection] for name in ["mean", "log_sigma"])
    scores = -(((w[:, None, selection] - mean) / torch.exp(log_sigma)) ** 2 / 2 + log_sigma).sum(dim=2)
    F.cross_entropy(scores, labels, reduction="sum").backward()
    return {
        "classifier.selection": np.array(selection),
        "classifier.input_gradient": x.grad.numpy(),
        "classifier.latent_gradient": w.grad.numpy(),
    }


def run(parts, volume, weights, orders, x, labels):
    """Outputs, and for both priors the loss and all gradients."""
    w, log_determinant = flow(parts, volume, weights, orders, x)
    result = {"output": w.detach().numpy(), "log_determinant": log_determinant.detach().numpy()}
    gradients = {}
    for prior, loss_of in [("trainable", trainable_loss), ("empirical", empirical_loss)]:
        for weight in weights.values():
            weight.grad = None
        loss = loss_of(w, log_determinant, labels, weights)
        loss.backward(retain_graph=True)
        result[f"{prior}.loss"] = loss.detach().numpy().reshape(1)
        gradients[prior] = {name: p.grad.numpy().copy() for name, p in weights.items() if p.grad is not None}
    return result, gradients


def parameters(arrays):
    return {name: torch.tensor(array.astype(np.float64), requires_grad=True) for name, array in arrays.items()}


def vector_reference(volume, samples=61, classes=5):
    random = np.random.default_rng(VOLUMES.index(volume))
    parts = blocks([(1, 8, 10)], (10, 1, 1))
    uniform = lambda shape, bound: random.uniform(-bound, bound, shape).astype(np.float32)
    shapes = declared(parts, volume)
    arrays = {}
    for name, shape in shapes.items():
        inputs = shapes[name.rsplit(".", 1)[0] + ".weight"][1]
        arrays[name] = uniform(shape, 1 / np.sqrt(inputs))
    arrays["prior.mean"] = uniform((classes, 10), 2)
    arrays["prior.log_sigma"] = uniform((classes, 10), 0.5)
    orders = {f"{p['name']}.order": random.permutation(10) for p in parts if p["kind"] == "permutation"}
    x = random.normal(size=(samples, 10)).astype(np.float32)
    labels = random.integers(0, classes - 1, samples)
    # a class of a single sample, which empirical statistics leave out
    labels[17] = classes - 1
    result, gradients = run(parts, volume, parameters(arrays), orders, torch.tensor(x).double(), torch.tensor(labels))
    result |= classifier_gradient(
        parts, volume, parameters(arrays), orders, torch.tensor(x).double(), torch.tensor(labels), [1, 4, 5, 8]
    )
    stored = {f"{prior}.gradient.{name}": g for prior, named in gradients.items() for name, g in named.items()}
    write_safetensors(f"vector-{volume}", {**arrays, **orders, "input": x, "labels": labels, **result, **stored})


def image_reference(volume, side, samples=13, classes=2, stored=3):
    features = side * side
    stages = ["downsample", (3, 4, 16), "downsample", (3, 4, 32), "flatten", (1, 2, features // 2)]
    parts = blocks(stages, (1, side, side))
    shapes = {**declared(parts, volume), "prior.mean": [classes, features], "prior.log_sigma": [classes, features]}
    arrays, first = {}, 0
    for name, shape in shapes.items():
        count = int(np.prod(shape))
        weight = shapes.get(name.rsplit(".", 1)[0] + ".weight")
        fan_in = 4 if weight is None else int(np.prod(weight[1:]))
        scale = 1.0
        while scale * scale * fan_in > 1:
            scale /= 2
        arrays[name] = (hashed(first, count) * scale).reshape(shape)
        first += count
    x = ((hashed(first, samples * features) + 1) / 2).reshape(samples, 1, side, side)
    random = np.random.default_rng(7)
    orders = {
        f"{p['name']}.order": random.permutation(p["channels"]) for p in parts if p["kind"] == "permutation"
    }
    labels = torch.arange(samples) % classes
    result, gradients = run(parts, volume, parameters(arrays), orders, torch.tensor(x), labels)
    result["output"] = result["output"][:stored]
    some = (torch.tensor(x)[:stored], labels[:stored], list(range(0, features, 7)))
    result |= classifier_gradient(parts, volume, parameters(arrays), orders, *some)
    sampled = {}
    for prior, named in gradients.items():
        sampled[f"{prior}.gradient_norms"] = np.array([np.linalg.norm(g) for g in named.values()])
        places = lambda g: np.arange(SAMPLED) * g.size // SAMPLED
        sampled[f"{prior}.gradient_entries"] = np.stack([g.ravel()[places(g)] for g in named.values()])
    write_safetensors(f"image-{side}-{volume}", {**orders, **result, **sampled})


if __name__ == "__main__":
    FIXTURES.mkdir(exist_ok=True)
    for chosen in VOLUMES:
        vector_reference(chosen)
    for chosen in ["mean", "none"]:
        for side in [16, 28]:
            image_reference(chosen, side)

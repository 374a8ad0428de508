"""A step of training as vitrine's command does it: cross entropy with label smoothing on images and, through a second
classifier, on patches; gradients clipped by their norm; AdamW that lets only matrices decay."""

import torch
from torch import nn
from torch.nn import functional

from vit import Sizes, VisionTransformer, read_safetensors


class Training:
    def __init__(self, path, scenes, settings):
        """`path`: the parameters to begin with; `scenes`: images, labels and patch labels, one after the other."""
        model = settings["model"]
        sizes = Sizes(
            image=model["imageSize"],
            patch=model["patchSize"],
            width=model["width"],
            depth=model["depth"],
            heads=model["heads"],
            hidden=model["hidden"],
            classes=settings["classes"],
        )
        self.learner = nn.Module()
        self.learner.model = VisionTransformer(sizes)
        self.learner.patch_head = nn.Linear(sizes.width, sizes.classes + 1)
        tensors = read_safetensors(path)
        of_patches = {name: tensors.pop(f"patch_head.{name}") for name in ("weight", "bias")}
        self.learner.model.load_state_dict(tensors)
        self.learner.patch_head.load_state_dict(of_patches)
        self.settings = settings
        self.optimizer = self._optimizer()
        batch = settings["batch"]
        shapes = [(batch, 3, sizes.image, sizes.image), (batch, sizes.classes), (batch, sizes.grid**2, sizes.classes + 1)]
        with open(scenes, "rb") as file:
            values = torch.frombuffer(bytearray(file.read()), dtype=torch.float32)
        parts = values.split([torch.Size(shape).numel() for shape in shapes])
        self.images, self.labels, self.patch_labels = (part.reshape(shape) for part, shape in zip(parts, shapes))

    def _optimizer(self):
        named = list(self.learner.named_parameters())
        decays = lambda name: name.endswith(".weight") and "norm" not in name
        groups = [
            {"params": [p for name, p in named if decays(name)], "weight_decay": self.settings["weightDecay"]},
            {"params": [p for name, p in named if not decays(name)], "weight_decay": 0.0},
        ]
        return torch.optim.AdamW(
            groups, lr=self.settings["learningRate"], betas=self.settings["betas"], eps=self.settings["epsilon"]
        )

    def step(self):
        """The loss on images before the step."""
        tokens = self.learner.model.tokens(self.images)
        logits = self.learner.model.head(tokens[:, 0])
        patches = self.learner.patch_head(tokens[:, 1:])
        loss = functional.cross_entropy(logits, self.labels, label_smoothing=self.settings["labelSmoothing"])
        patch_loss = functional.cross_entropy(patches.flatten(0, 1), self.patch_labels.flatten(0, 1))
        self.optimizer.zero_grad()
        (loss + self.settings["patchLabels"] * patch_loss).backward()
        nn.utils.clip_grad_norm_(self.learner.parameters(), self.settings["clip"])
        self.optimizer.step()
        return loss.detach()

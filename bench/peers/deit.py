"""DeiT-tiny in plain PyTorch, and gradient rollout computed as vit-explain does it: hooks on every attention node, one
backward pass through all parameters."""

import torch

from vit import Sizes, VisionTransformer, read_safetensors

DEIT_TINY = Sizes(image=224, patch=16, width=192, depth=12, heads=3, hidden=768, classes=1000)


def load_model(path):
    model = VisionTransformer(DEIT_TINY)
    model.load_state_dict(read_safetensors(path))
    return model.eval()


class Recorder:
    """The attention of every layer after a forward pass, and its gradient after a backward pass, first layer first."""

    def __init__(self, model, gradients):
        self.attentions, self._gradients, self._handles = [], [], []
        for block in model.blocks:
            node = block.attn.attn_drop
            self._handles.append(node.register_forward_hook(self._keep_attention))
            if gradients:
                self._handles.append(node.register_full_backward_hook(self._keep_gradient))

    def _keep_attention(self, _module, _inputs, output):
        self.attentions.append(output.detach())

    def _keep_gradient(self, _module, _input_gradients, output_gradients):
        self._gradients.append(output_gradients[0].detach())

    @property
    def gradients(self):
        return self._gradients[::-1]  # a backward pass meets the last layer first

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for handle in self._handles:
            handle.remove()


def forward_with_attentions(model, images):
    """Logits [batch, 1000] and twelve attentions [batch, heads, tokens, tokens]."""
    with torch.no_grad(), Recorder(model, gradients=False) as recorder:
        return model(images), recorder.attentions


def explain(model, images, category=None):
    """The gradient rollout of a class, the most probable one if left out: [batch, 14, 14]. Every parameter requires
    its gradient, as in vit-explain, so the weights' gradients are computed too and thrown away."""
    model.zero_grad()
    with Recorder(model, gradients=True) as recorder:
        output = model(images)
        chosen = output.argmax(dim=-1) if category is None else torch.full((len(images),), category)
        mask = torch.zeros_like(output)
        mask[torch.arange(len(images)), chosen] = 1
        (output * mask).sum().backward()
    return gradient_rollout(recorder.attentions, recorder.gradients)


def gradient_rollout(attentions, gradients):
    """Row 0 of the product of rownorm(relu(mean over heads of A * G) + I), last layer first. The row alone is carried
    through: this costs a hundredth of the product of the whole matrices."""
    with torch.no_grad():
        row = torch.zeros(attentions[0].shape[0], 1, DEIT_TINY.tokens)
        row[:, :, 0] = 1
        for attention, gradient in zip(reversed(attentions), reversed(gradients)):
            fused = (attention * gradient).mean(dim=1).relu()
            row = row / (fused.sum(dim=-1) + 1).unsqueeze(1)
            row = row @ fused + row
        return row[:, 0, 1:].reshape(-1, DEIT_TINY.grid, DEIT_TINY.grid)

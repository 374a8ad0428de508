"""Attention of every layer, and gradient rollout computed as vit-explain does it: hooks on every attention node, one
backward pass through all parameters."""

import torch


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
    """Logits [batch, classes] and the attention [batch, heads, tokens, tokens] of every layer."""
    with torch.no_grad(), Recorder(model, gradients=False) as recorder:
        return model(images), recorder.attentions


def explain(model, images, category=None):
    """The gradient rollout of a class, the most probable one if left out: [batch, grid, grid]. Every parameter requires
    its gradient, as in vit-explain, so the weights' gradients are computed too and thrown away."""
    model.zero_grad()
    with Recorder(model, gradients=True) as recorder:
        output = model(images)
        chosen = output.argmax(dim=-1) if category is None else torch.full((len(images),), category)
        mask = torch.zeros_like(output)
        mask[torch.arange(len(images)), chosen] = 1
        (output * mask).sum().backward()
    grid = model.sizes.grid
    return gradient_rollout(recorder.attentions, recorder.gradients).reshape(-1, grid, grid)


def gradient_rollout(attentions, gradients):
    """What row 0 of the product of rownorm(relu(mean over heads of A * G) + I), last layer first, has for each patch:
    [batch, patches]. The row alone is carried through: this costs a hundredth of the product of the whole matrices."""
    with torch.no_grad():
        batch, _, tokens, _ = attentions[0].shape
        row = torch.zeros(batch, 1, tokens)
        row[:, :, 0] = 1
        for attention, gradient in zip(reversed(attentions), reversed(gradients)):
            fused = (attention * gradient).mean(dim=1).relu()
            row = row / (fused.sum(dim=-1) + 1).unsqueeze(1)
            row = row @ fused + row
        return row[:, 0, 1:]

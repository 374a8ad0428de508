"""DeiT-tiny in plain PyTorch, with timm's module names, and gradient rollout computed as vit-explain does it:
hooks on every attention node, one backward pass through all parameters."""

import json
import struct

import torch
from torch import nn

WIDTH, HEADS, DEPTH, TOKENS, EPSILON = 192, 3, 12, 197, 1e-6
GRID = 14


def read_safetensors(path):
    """Name to float32 tensor. The format: header length, JSON header, numbers."""
    with open(path, "rb") as file:
        data = bytearray(file.read())
    (length,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        if entry["dtype"] != "F32":
            raise ValueError(f"{name} is {entry['dtype']}; this reader knows F32 only")
        start, end = entry["data_offsets"]
        flat = torch.frombuffer(data, dtype=torch.float32, offset=8 + length + start, count=(end - start) // 4)
        tensors[name] = flat.reshape(entry["shape"])
    return tensors


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.attn_drop = nn.Dropout(0.0)  # does nothing, but gives the hooks their place
        self.proj = nn.Linear(WIDTH, WIDTH)

    def forward(self, x):
        batch = x.shape[0]
        qkv = self.qkv(x).reshape(batch, TOKENS, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        query, key, value = qkv.unbind(0)
        attention = (query * (WIDTH // HEADS) ** -0.5) @ key.transpose(-2, -1)
        attention = self.attn_drop(attention.softmax(dim=-1))
        return self.proj((attention @ value).transpose(1, 2).reshape(batch, TOKENS, WIDTH))


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(WIDTH, 4 * WIDTH)
        self.act = nn.GELU()
        self.fc2 = nn.Linear(4 * WIDTH, WIDTH)

    def forward(self, x):
        return self.fc2(self.act(self.fc1(x)))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1 = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.attn = Attention()
        self.norm2 = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.mlp = Mlp()

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class PatchEmbed(nn.Module):
    def __init__(self):
        super().__init__()
        self.proj = nn.Conv2d(3, WIDTH, kernel_size=16, stride=16)

    def forward(self, x):
        return self.proj(x).flatten(2).transpose(1, 2)


class DeitTiny(nn.Module):
    def __init__(self):
        super().__init__()
        self.patch_embed = PatchEmbed()
        self.cls_token = nn.Parameter(torch.empty(1, 1, WIDTH))
        self.pos_embed = nn.Parameter(torch.empty(1, TOKENS, WIDTH))
        self.blocks = nn.ModuleList(Block() for _ in range(DEPTH))
        self.norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.head = nn.Linear(WIDTH, 1000)

    def forward(self, x):
        x = self.patch_embed(x)
        x = torch.cat([self.cls_token.expand(x.shape[0], -1, -1), x], dim=1) + self.pos_embed
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x)[:, 0])


def load_model(path):
    model = DeitTiny()
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
        row = torch.zeros(attentions[0].shape[0], 1, TOKENS)
        row[:, :, 0] = 1
        for attention, gradient in zip(reversed(attentions), reversed(gradients)):
            fused = (attention * gradient).mean(dim=1).relu()
            row = row / (fused.sum(dim=-1) + 1).unsqueeze(1)
            row = row @ fused + row
        return row[:, 0, 1:].reshape(-1, GRID, GRID)

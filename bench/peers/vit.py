"""A vision transformer in plain PyTorch, with timm's module names, and a reader of its checkpoints."""

import json
import struct
from typing import NamedTuple

import torch
from torch import nn


class Sizes(NamedTuple):
    image: int
    patch: int
    width: int
    depth: int
    heads: int
    hidden: int
    classes: int
    epsilon: float = 1e-6

    @property
    def grid(self):
        return self.image // self.patch

    @property
    def tokens(self):
        return 1 + self.grid**2


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
    def __init__(self, sizes):
        super().__init__()
        self.heads = sizes.heads
        self.qkv = nn.Linear(sizes.width, 3 * sizes.width)
        self.attn_drop = nn.Dropout(0.0)  # does nothing, but gives the hooks their place
        self.proj = nn.Linear(sizes.width, sizes.width)

    def forward(self, x):
        batch, tokens, width = x.shape
        qkv = self.qkv(x).reshape(batch, tokens, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        query, key, value = qkv.unbind(0)
        attention = (query * (width // self.heads) ** -0.5) @ key.transpose(-2, -1)
        attention = self.attn_drop(attention.softmax(dim=-1))
        return self.proj((attention @ value).transpose(1, 2).reshape(batch, tokens, width))


class Mlp(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.fc1 = nn.Linear(sizes.width, sizes.hidden)
        self.act = nn.GELU()
        self.fc2 = nn.Linear(sizes.hidden, sizes.width)

    def forward(self, x):
        return self.fc2(self.act(self.fc1(x)))


class Block(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.norm1 = nn.LayerNorm(sizes.width, eps=sizes.epsilon)
        self.attn = Attention(sizes)
        self.norm2 = nn.LayerNorm(sizes.width, eps=sizes.epsilon)
        self.mlp = Mlp(sizes)

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class PatchEmbed(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.proj = nn.Conv2d(3, sizes.width, kernel_size=sizes.patch, stride=sizes.patch)

    def forward(self, x):
        return self.proj(x).flatten(2).transpose(1, 2)


class VisionTransformer(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.sizes = sizes
        self.patch_embed = PatchEmbed(sizes)
        self.cls_token = nn.Parameter(torch.empty(1, 1, sizes.width))
        self.pos_embed = nn.Parameter(torch.empty(1, sizes.tokens, sizes.width))
        self.blocks = nn.ModuleList(Block(sizes) for _ in range(sizes.depth))
        self.norm = nn.LayerNorm(sizes.width, eps=sizes.epsilon)
        self.head = nn.Linear(sizes.width, sizes.classes)

    def tokens(self, x):
        """What the last norm returns, [batch, tokens, width]."""
        x = self.patch_embed(x)
        x = torch.cat([self.cls_token.expand(x.shape[0], -1, -1), x], dim=1) + self.pos_embed
        for block in self.blocks:
            x = block(x)
        return self.norm(x)

    def forward(self, x):
        return self.head(self.tokens(x)[:, 0])


def load_model(sizes, path):
    model = VisionTransformer(sizes)
    model.load_state_dict(read_safetensors(path))
    return model.eval()

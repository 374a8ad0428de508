"""A whole explanation as a script does it: import, load, preprocess, forward and backward, map, picture. What
`vitrine explain --method gradient-rollout` does, in PyTorch, Pillow and NumPy.

    python explain.py IMAGE WEIGHTS FOLDER
"""

import json
import os
import sys

import numpy as np
import torch
from PIL import Image, ImageOps

import deit

SHORT_SIDE, SIZE = 256, 224
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
# Dark blue, blue, cyan, yellow, red, dark red.
COLOURS = np.array([[0, 0, 128], [0, 0, 255], [0, 255, 255], [255, 255, 0], [255, 0, 0], [128, 0, 0]], np.float32)


def preprocess(picture):
    """The input [1, 3, 224, 224], and the part of the picture it shows: left, top, right, bottom."""
    short = min(picture.size)
    width, height = (SHORT_SIDE * side // short for side in picture.size)
    left, top = round((width - SIZE) / 2), round((height - SIZE) / 2)
    crop = picture.resize((width, height), Image.BICUBIC).crop((left, top, left + SIZE, top + SIZE))
    values = (np.asarray(crop, np.float32) / 255 - np.float32(MEAN)) / np.float32(STD)
    scale = short / SHORT_SIDE
    seen = tuple(round(scale * edge) for edge in (left, top, left + SIZE, top + SIZE))
    return torch.from_numpy(np.ascontiguousarray(values.transpose(2, 0, 1)[None])), seen


def overlay(picture, values, seen):
    """The picture with the map, stretched to its own range, laid over the part that was seen."""
    left, top, right, bottom = seen
    unit = (values - values.min()) / max(float(values.max() - values.min()), 1e-12)
    large = np.asarray(Image.fromarray(unit).resize((right - left, bottom - top), Image.BILINEAR))
    stops = np.linspace(0, 1, len(COLOURS))
    colours = np.stack([np.interp(large, stops, COLOURS[:, channel]) for channel in range(3)], axis=-1)
    pixels = np.array(picture)
    part = pixels[top:bottom, left:right]
    pixels[top:bottom, left:right] = (0.5 * part + 0.5 * colours).astype(np.uint8)
    return Image.fromarray(pixels)


def main(image, weights, folder):
    picture = ImageOps.exif_transpose(Image.open(image)).convert("RGB")
    model = deit.load_model(weights)
    values, seen = preprocess(picture)
    (result,) = deit.explain(model, values).numpy()
    stem = os.path.join(folder, os.path.splitext(os.path.basename(image))[0])
    overlay(picture, result, seen).save(f"{stem}.png")
    with open(f"{stem}.json", "w", encoding="utf-8") as file:
        json.dump({"explanations": [{"values": result.flatten().tolist()}]}, file)


main(*sys.argv[1:])

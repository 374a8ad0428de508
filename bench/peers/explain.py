"""A whole explanation as a script does it: import, load, preprocess, forward and backward, map, picture. What
`vitrine explain --method gradient-rollout` does, in PyTorch, Pillow and NumPy.

    python explain.py IMAGE WEIGHTS FOLDER SETTING

SETTING is a JSON document: the model's sizes, and how a picture becomes its input."""

import json
import os
import sys

import numpy as np
import torch
from PIL import Image, ImageOps

import vit_explain
from vit import Sizes, load_model

# Dark blue, blue, cyan, yellow, red, dark red.
COLOURS = np.array([[0, 0, 128], [0, 0, 255], [0, 255, 255], [255, 255, 0], [255, 0, 0], [128, 0, 0]], np.float32)


def preprocess(picture, size, short_side, mean, std):
    """The input [1, 3, size, size], and the part of the picture it shows: left, top, right, bottom."""
    short = min(picture.size)
    width, height = (short_side * side // short for side in picture.size)
    left, top = round((width - size) / 2), round((height - size) / 2)
    crop = picture.resize((width, height), Image.BICUBIC).crop((left, top, left + size, top + size))
    values = (np.asarray(crop, np.float32) / 255 - np.float32(mean)) / np.float32(std)
    scale = short / short_side
    seen = tuple(round(scale * edge) for edge in (left, top, left + size, top + size))
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


def main(image, weights, folder, setting):
    setting = json.loads(setting)
    sizes = Sizes(**setting["sizes"])
    picture = ImageOps.exif_transpose(Image.open(image)).convert("RGB")
    model = load_model(sizes, weights)
    values, seen = preprocess(picture, sizes.image, setting["shortSide"], setting["mean"], setting["std"])
    (result,) = vit_explain.explain(model, values).numpy()
    stem = os.path.join(folder, os.path.splitext(os.path.basename(image))[0])
    overlay(picture, result, seen).save(f"{stem}.png")
    with open(f"{stem}.json", "w", encoding="utf-8") as file:
        json.dump({"explanations": [{"values": result.flatten().tolist()}]}, file)


if __name__ == "__main__":
    main(*sys.argv[1:])

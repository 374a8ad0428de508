"""Many pictures as a script does it: workers of a DataLoader read and preprocess, the model explains batches of eight, a line
of JSON each.

    python batch.py LIST WEIGHTS TABLE SETTING

LIST names a picture a line; SETTING is explain.py's, and `workers` beside it. Prints milliseconds of the processor, workers
included, and of the clock, both without what starting takes."""

import json
import resource
import sys
import time

import torch
from PIL import Image, ImageOps
from torch.utils.data import DataLoader, Dataset

import vit_explain
from explain import preprocess
from vit import Sizes, load_model


class Pictures(Dataset):
    def __init__(self, paths, setting):
        self.paths, self.setting = paths, setting

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        picture = ImageOps.exif_transpose(Image.open(self.paths[index])).convert("RGB")
        setting = self.setting
        size = setting["sizes"]["image"]
        values, _ = preprocess(picture, size, setting["shortSide"], setting["mean"], setting["std"])
        return values[0], self.paths[index]


def processor():
    """Seconds, of this process and of those that it has waited for."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def main(listed, weights, table, setting):
    setting = json.loads(setting)
    with open(listed, encoding="utf-8") as file:
        paths = file.read().split("\n")[:-1]
    model = load_model(Sizes(**setting["sizes"]), weights)
    begun, clock = processor(), time.perf_counter()
    loader = DataLoader(Pictures(paths, setting), batch_size=8, num_workers=setting["workers"])
    with open(table, "w", encoding="utf-8") as file:
        for images, names in loader:
            maps = vit_explain.explain(model, images)
            for name, values in zip(names, maps):
                flat = values.flatten()
                told = {"mean": flat.mean().item(), "deviation": flat.std().item(), "maximum": flat.max().item()}
                file.write(json.dumps({"picture": name, **told}) + "\n")
    del loader
    print(json.dumps({"cpu": 1e3 * (processor() - begun), "clock": 1e3 * (time.perf_counter() - clock)}))


if __name__ == "__main__":
    main(*sys.argv[1:])

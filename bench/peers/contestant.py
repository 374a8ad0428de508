"""PyTorch as a contestant: takes requests from standard input, one JSON document a line, and answers on standard
output in the same way. See bench/compare/protocol.ts."""

import json
import sys
import time

import torch

import vit_explain
from training import Training
from vit import Sizes, load_model


def product_rate():
    """Multiplications and additions a second in a large product, on one thread: tells an optimised BLAS from one that is
    not, on this processor."""
    torch.set_num_threads(1)
    size = 384
    a, b = torch.rand(size, size), torch.rand(size, size)
    a @ b
    fastest = min(timed(lambda: a @ b)[0] for _ in range(20))
    return 2 * size**3 / (fastest / 1e3)


def timed(work):
    start = time.perf_counter()
    result = work()
    return 1e3 * (time.perf_counter() - start), result


class Contestant:
    def load(self, request):
        rate = product_rate()
        torch.set_num_threads(request["threads"])
        sizes = Sizes(**request["sizes"])
        self.model = load_model(sizes, request["weights"])
        self.category = request["category"]
        self.setup = request.get("training")
        self.training = None
        with open(request["images"], "rb") as file:
            values = torch.frombuffer(bytearray(file.read()), dtype=torch.float32)
        self.images = values.reshape(-1, 3, sizes.image, sizes.image)
        return {
            "description": f"PyTorch {torch.__version__} on Python {sys.version.split()[0]}",
            "productRate": rate,
        }

    def outputs(self, request):
        results = self.compute(request)
        with open(request["file"], "wb") as file:
            for result in results:
                file.write(result.contiguous().numpy().tobytes())
        return {"sizes": [result.numel() for result in results]}

    def run(self, request):
        return {"milliseconds": [timed(lambda: self.compute(request))[0] for _ in range(request["count"])]}

    def compute(self, request):
        if request["work"] == "training":
            return [self.train()]
        images = self.images[: request["batch"]]
        if request["work"] == "explanation":
            return [vit_explain.explain(self.model, images, self.category)]
        logits, attentions = vit_explain.forward_with_attentions(self.model, images)
        return [logits, *attentions]

    def train(self):
        """A step, and the losses of the first steps: these are what is compared, in each contest anew."""
        steps = self.setup["stepsToCompare"]
        if self.training is None:
            self.training = Training(self.setup["learner"], self.setup["scenes"], self.setup["settings"])
            self.losses = [self.training.step() for _ in range(steps - 1)]
        loss = self.training.step()
        if len(self.losses) < steps:
            self.losses.append(loss)
        return torch.stack(self.losses)


def main():
    contestant = Contestant()
    commands = {"load": contestant.load, "outputs": contestant.outputs, "run": contestant.run}
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = commands[request["command"]](request)
        except Exception as error:  # whatever it is, the harness tells it
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


main()

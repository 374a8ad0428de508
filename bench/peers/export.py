"""Writes a model, with the attention of every layer as outputs, as an ONNX model that takes so many images at once:

    python export.py SIZES WEIGHTS IMAGES FILE

SIZES is a JSON document."""

import inspect
import json
import sys

import torch

import vit_explain
from vit import Sizes, load_model


class WithAttentions(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, images):
        logits, attentions = vit_explain.forward_with_attentions(self.model, images)
        return logits, *attentions


sizes, weights, images, file = sys.argv[1:]
sizes = Sizes(**json.loads(sizes))
batch = torch.zeros(int(images), 3, sizes.image, sizes.image)
# The operations that the model of one image is written in, so that both are optimised alike: newer versions of PyTorch
# have another exporter, which writes others.
by_trace = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}
model = WithAttentions(load_model(sizes, weights))
torch.onnx.export(model, batch, file, opset_version=14, input_names=["images"], **by_trace)

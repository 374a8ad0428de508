"""Writes DeiT-tiny, with the attention of every layer as outputs, as an ONNX model that takes so many images at once:

    python export.py WEIGHTS IMAGES FILE
"""

import inspect
import sys

import torch

import deit


class WithAttentions(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, images):
        logits, attentions = deit.forward_with_attentions(self.model, images)
        return logits, *attentions


weights, images, file = sys.argv[1:]
batch = torch.zeros(int(images), 3, deit.DEIT_TINY.image, deit.DEIT_TINY.image)
# The operations that the model of one image is written in, so that both are optimised alike: newer versions of PyTorch
# have another exporter, which writes others.
by_trace = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}
model = WithAttentions(deit.load_model(weights))
torch.onnx.export(model, batch, file, opset_version=14, input_names=["images"], **by_trace)

#!/usr/bin/env python3
"""The numbers of src/CovidCt.Cli/Commands/LibtorchSelfTest.cs, from torch: prints one line for each of its arrays."""
import torch

x = torch.tensor([[[[1.0, 2, 3], [4, 5, 6], [7, 8, 9]]]], requires_grad=True)
weight = torch.tensor([[[[1.0, -2], [3, 4]]], [[[-1.0, 5], [2, -3]]]], requires_grad=True)
bias = torch.tensor([10.0, -20], requires_grad=True)
upstream = torch.tensor([[[[1.0, 2], [-3, 4]], [[5.0, -6], [7, 8]]]])

output = torch.nn.functional.conv2d(x, weight, bias)
(output * upstream).sum().backward()
for name, values in {"Output": output, "InputGradient": x.grad, "WeightGradient": weight.grad, "BiasGradient": bias.grad}.items():
    print(name, [int(value) for value in values.detach().flatten().tolist()])

"""timm's Lamb where timm is installed, else its arithmetic and defaults, parameter by parameter in PyTorch's ordinary operations."""

import torch


class PlainLamb(torch.optim.Optimizer):
    """Global gradient clipping at norm 1, bias correction, decay added to the update, trust ratio ‖w‖ / ‖u‖."""

    def __init__(self, parameters, lr=1e-3, betas=(0.9, 0.999), eps=1e-6, weight_decay=0.01, max_grad_norm=1.0):
        super().__init__(parameters, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay))
        self.max_grad_norm = max_grad_norm
        self.steps = 0

    @torch.no_grad()
    def step(self):
        self.steps += 1
        gradients = [p.grad for group in self.param_groups for p in group["params"] if p.grad is not None]
        total = torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(gradient) for gradient in gradients]))
        clip = (total / self.max_grad_norm).clamp_(min=1.0)
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    self.change(parameter, parameter.grad / clip, **group)

    def change(self, parameter, gradient, *, lr, betas, eps, weight_decay, **_):
        state = self.state[parameter]
        if not state:
            state["mean"], state["square"] = torch.zeros_like(parameter), torch.zeros_like(parameter)
        mean, square = state["mean"], state["square"]
        mean.lerp_(gradient, 1 - betas[0])
        square.mul_(betas[1]).addcmul_(gradient, gradient, value=1 - betas[1])
        deviation = (square.sqrt() / (1 - betas[1] ** self.steps) ** 0.5).add_(eps)
        update = (mean / (1 - betas[0] ** self.steps)).div_(deviation).add_(parameter, alpha=weight_decay)
        weight, length = parameter.norm(), update.norm()
        one = torch.ones_like(weight)
        ratio = torch.where(weight > 0, torch.where(length > 0, weight / length, one), one)
        parameter.add_(update.mul_(ratio), alpha=-lr)


try:
    from timm.optim import Lamb
except ImportError:
    Lamb = PlainLamb

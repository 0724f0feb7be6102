"""Xception (Chollet, arXiv 1610.02357, figure 5) under the keys of timm's legacy_xception."""

from torch import nn


class Separable(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, inputs, 3, padding=1, groups=inputs, bias=False)
        self.pointwise = nn.Conv2d(inputs, outputs, 1, bias=False)

    def forward(self, x):
        return self.pointwise(self.conv1(x))


class Block(nn.Module):
    def __init__(self, widths, halves, first_relu=True):
        super().__init__()
        layers = []
        for inputs, outputs in zip(widths, widths[1:]):
            layers += [nn.ReLU(inplace=bool(layers)), Separable(inputs, outputs), nn.BatchNorm2d(outputs)]
        layers = layers if first_relu else layers[1:]
        if halves:
            layers.append(nn.MaxPool2d(3, stride=2, padding=1))
            self.skip = nn.Conv2d(widths[0], widths[-1], 1, stride=2, bias=False)
            self.skipbn = nn.BatchNorm2d(widths[-1])
        else:
            self.skip = None
        self.rep = nn.Sequential(*layers)

    def forward(self, x):
        way = self.rep(x)
        way += x if self.skip is None else self.skipbn(self.skip(x))
        return way


class Xception(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 32, 3, stride=2, bias=False)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 3, bias=False)
        self.bn2 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU(inplace=True)
        self.block1 = Block([64, 128, 128], halves=True, first_relu=False)
        self.block2 = Block([128, 256, 256], halves=True)
        self.block3 = Block([256, 728, 728], halves=True)
        for number in range(4, 12):
            self.add_module(f"block{number}", Block([728] * 4, halves=False))
        self.block12 = Block([728, 728, 1024], halves=True)
        self.conv3 = Separable(1024, 1536)
        self.bn3 = nn.BatchNorm2d(1536)
        self.conv4 = Separable(1536, 2048)
        self.bn4 = nn.BatchNorm2d(2048)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(2048, classes)

    def forward(self, x):
        x = self.relu(self.bn1(self.conv1(x)))
        x = self.relu(self.bn2(self.conv2(x)))
        for number in range(1, 13):
            x = getattr(self, f"block{number}")(x)
        x = self.relu(self.bn3(self.conv3(x)))
        x = self.relu(self.bn4(self.conv4(x)))
        return self.fc(self.pool(x).flatten(1))

// dotnet run samples/classify.cs NETWORK IMAGE: what a trained network answers about an image, and where it saw it, as heatmap.png.
// Outside this repository, in place of the first line:
//     #:package CovidCt.Core@0.1.0-preview.1
//     #:package TorchSharp-cpu@0.107.0
//     #:package SkiaSharp.NativeAssets.Linux.NoDependencies@3.119.4
#:project ../src/CovidCt.Core
#:property UsesLibtorch=true
#:property PublishAot=false
using CovidCt.Inference;

if (args is not [var network, var image])
{
    Console.Error.WriteLine("Give NETWORK, the folder of a finished run or its network.safetensors, and IMAGE.");
    return 2;
}

using var classifier = CtClassifier.Load(network);
var explained = classifier.Explain(image);
Console.WriteLine(FormattableString.Invariant($"{explained.Answer.Label}, probability {explained.Answer.Probability:0.000}"));
explained.SaveOverlay("heatmap.png");
return 0;

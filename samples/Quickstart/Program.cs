using CovidCt.Inference;

if (args is not [var network, var image])
{
    Console.Error.WriteLine("Usage: Quickstart NETWORK IMAGE, NETWORK being the folder of a finished run or the network.safetensors in it");
    return 2;
}

using var classifier = CtClassifier.Load(network);
var explained = classifier.Explain(image);
Console.WriteLine(FormattableString.Invariant($"{explained.Answer.Label} (probability of {classifier.Model.Classes[classifier.Model.Positive]}: {explained.Answer.Probability:0.000})"));
explained.SaveOverlay("heatmap.png");
Console.WriteLine($"Where the network saw {explained.Label}: heatmap.png");
return 0;

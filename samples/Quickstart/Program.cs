using CovidCt.Inference;

if (args is not [var network, var image])
{
    Console.Error.WriteLine("Usage: Quickstart NETWORK IMAGE, NETWORK being the folder of a finished run or the network.safetensors in it");
    return 2;
}

using var classifier = CtClassifier.Load(network);
var answer = classifier.Classify(image);
Console.WriteLine(FormattableString.Invariant($"{answer.Label} (probability of {classifier.Model.Classes[classifier.Model.Positive]}: {answer.Probability:0.000})"));
return 0;

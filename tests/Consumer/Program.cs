// What an application does with the packages: make a network, ask it about an image, draw a figure.
using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Models;
using ScottPlot;

var folder = Directory.CreateTempSubdirectory("covidct-consumer-").FullName;
try
{
    PhantomDataset.Write(folder, new PhantomOptions { Patients = 4 });
    var dataset = CtDataset.Open(folder);
    var network = new BackboneFactory().Create("squeezenet1_1", dataset.Classes.Count, seed: 1);
    var model = new ModelDescription(
        network.Spec.Name, dataset.Classes, dataset.Positive, network.Spec.Canvas, CanvasFit.KeepAspect, new CanvasOptions().Fill);
    using var classifier = new CtClassifier(network, model);
    var probabilities = dataset.Samples.Select(sample => classifier.Classify(dataset.FullPath(sample)).Probability).ToArray();

    var plot = new Plot();
    plot.Add.Scatter(dataset.Samples.Select(sample => (double)sample.Label).ToArray(), probabilities);
    var figure = plot.SavePng(Path.Combine(folder, "figure.png"), 400, 300).Path;

    var drawn = new SkiaImageDecoder().Decode(File.ReadAllBytes(figure));
    Console.WriteLine(FormattableString.Invariant(
        $"{probabilities.Length} images, probabilities {probabilities.Min():0.000} to {probabilities.Max():0.000}, figure {drawn.Width}×{drawn.Height}"));
    return probabilities.All(p => p is > 0 and < 1) && (drawn.Width, drawn.Height) == (400, 300) ? 0 : 1;
}
finally
{
    Directory.Delete(folder, recursive: true);
}

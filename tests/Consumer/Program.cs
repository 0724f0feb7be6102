// What an application does with the packages: make a network, ask it about images, draw a figure.
using CovidCt.Answers;
using CovidCt.Data;
using CovidCt.Evaluation;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Models;
using CovidCt.Phantoms;
using CovidCt.Reporting.Figures;

var folder = Directory.CreateTempSubdirectory("covidct-consumer-").FullName;
try
{
    PhantomDataset.Write(folder, new PhantomOptions { Patients = 4 });
    var dataset = CtDataset.Open(folder);
    var network = new BackboneFactory().Create("squeezenet1_1", dataset.Classes.Count, seed: 1);
    var model = new ModelDescription(
        network.Spec.Name, dataset.Classes, dataset.Positive, network.Spec.Canvas, CanvasFit.KeepAspect, new CanvasOptions().Fill);
    using var classifier = new CtClassifier(network, model);
    var predictions = dataset.Samples.Select(sample => new Prediction(
        sample.Path,
        dataset.Classes[sample.Label],
        sample.Patient,
        model.Network,
        Fold: 0,
        classifier.Classify(dataset.FullPath(sample)).Probability)).ToList();

    var report = CrossValidationReport.From(
        predictions,
        dataset.Name,
        groupBy: "patient",
        seed: 0,
        dataset.Classes,
        dataset.Classes[dataset.Positive],
        dataset.Rejected,
        new Dictionary<string, string> { [model.Network] = NetworkResult.Random });
    var figure = Path.Combine(folder, "confusion.png");
    new StudyFigures().SaveConfusion(figure, report.Networks[0], report);

    var drawn = new SkiaImageDecoder().Decode(File.ReadAllBytes(figure));
    var (least, most) = (predictions.Min(p => p.Probability), predictions.Max(p => p.Probability));
    Console.WriteLine(FormattableString.Invariant(
        $"{predictions.Count} images, probabilities {least:0.000} to {most:0.000}, figure {drawn.Width}×{drawn.Height}"));
    return least > 0 && most < 1 && least < most && drawn.Pixels.Distinct().Count() > 2 ? 0 : 1;
}
finally
{
    Directory.Delete(folder, recursive: true);
}

// What an application does with the packages: a study in the folder that it is given, its report, an answer, and an image that is decoded in
// managed code; and the same beside it with a network of its own, in both precisions.
using Consumer;
using CovidCt.ImageSharp;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Models;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Reporting;
using CovidCt.Studies;

var isFine = Run(args[0], "shufflenet_v2_x1_0", ComputePrecision.Auto, new BackboneFactory());
foreach (var precision in new[] { ComputePrecision.Float32, ComputePrecision.BFloat16 })
{
    isFine &= Run($"{args[0]}-outside-{precision}", TinyNetwork.Description.Name, precision, new TinyNetworks());
}

return isFine ? 0 : 1;

static bool Run(string path, string network, ComputePrecision precision, IBackboneFactory backbones)
{
    var options = PhantomStudy.Options();
    options.Networks = [network];
    options.Folds = 2;
    options.Training.Epochs = 2;
    options.Training.Precision = precision;
    using var folder = StudyFolder.Open(path, resume: false);
    var dataset = PhantomStudy.WriteData(folder);
    var result = new Study(backbones).Run(dataset, options, folder);
    StudyFiles.Write(result);

    using var classifier = CtClassifier.Load(folder.Layout.Run(network, fold: 0).Root, backbones);
    using var ensemble = FinishedRun.LoadEnsemble(folder.Layout.RunsOf(network), backbones);
    var image = dataset.FullPath(dataset.Samples[0]);
    var explained = classifier.Explain(image);
    Console.WriteLine(FormattableString.Invariant(
        $"{network}, {precision}: {result.Predictions.Count()} answers; {dataset.Samples[0].Path}: {explained.Answer.Label}, {explained.Answer.Probability:0.000}"));
    var isSame = new ImageSharpDecoder().DecodeFile(image).Pixels.SequenceEqual(new SkiaImageDecoder().DecodeFile(image).Pixels);
    return isSame && File.Exists(folder.Layout[StudyLayout.ReportName]) && explained.Heatmap.Max() > 0
        && explained.Answer == classifier.Classify(image) && ensemble.Classify(image).Members[0] == explained.Answer;
}

// What an application does with the packages: a study in the folder that it is given, its report, and an answer.
using CovidCt.Inference;
using CovidCt.Records;
using CovidCt.Reporting;
using CovidCt.Studies;

var options = PhantomStudy.Options();
options.Networks = ["shufflenet_v2_x1_0"];
options.Folds = 2;
options.Training.Epochs = 2;
using var folder = StudyFolder.Open(args[0], resume: false);
var dataset = PhantomStudy.WriteData(folder);
var result = new Study().Run(dataset, options, folder);
StudyFiles.Write(result);

using var classifier = CtClassifier.Load(folder.Layout.Run(options.Networks[0], fold: 0).Root);
var explained = classifier.Explain(dataset.FullPath(dataset.Samples[0]));
Console.WriteLine(FormattableString.Invariant(
    $"{result.Predictions.Count()} answers; {dataset.Samples[0].Path}: {explained.Answer.Label}, {explained.Answer.Probability:0.000}"));
return File.Exists(folder.Layout[StudyLayout.ReportName]) && explained.Heatmap.Max() > 0 ? 0 : 1;

using CovidCt.Cli.Output;
using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Models;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Reporting;
using CovidCt.Studies;

namespace CovidCt.Cli.Commands;

/// <summary>The controls of a study, on features that were fitted to no label.</summary>
internal static class StudyControls
{
    /// <summary>
    /// Trains the networks on labels that mean nothing, and on images without lungs, by the same recipe, each as a study of its
    /// own below the study's folder.
    /// </summary>
    public static void Retrain(ConsoleOutput console, CrossValidator validator, StudyFolder folder, CtDataset dataset, StudyOptions options, CancellationToken cancellationToken)
    {
        foreach (var (kind, name) in StudyReport.RetrainedControls)
        {
            console.Line($"Control: {name}");
            options.Control = kind;
            using var own = StudyFolder.Open(folder.Layout.Retrained(name).Root, resume: true, sharing: folder);
            var result = StudyDisplay.Show(console, progress => validator.Run(dataset, options, own, progress, cancellationToken));
            StudyFiles.Write(result);
        }

        options.Control = ControlKind.Real;
    }

    /// <summary>Writes them where they are not there yet.</summary>
    public static void Write(ConsoleOutput console, StudyFolder folder, CtDataset dataset, StudyOptions options, CancellationToken cancellationToken)
    {
        var file = Path.Combine(folder.FullPath, StudyLayout.ControlsName);
        if (File.Exists(file))
        {
            return;
        }

        RunStepDisplay.Show(console, progressOf =>
        {
            var report = new FeatureControls(new BackboneFactory(), new SkiaImageDecoder()).Run(dataset, options, folder, progressOf, cancellationToken);
            report.Write(file);
            return report;
        });
    }
}

using CovidCt.Cli.Output;
using CovidCt.Controls;
using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Models;
using CovidCt.Training;

namespace CovidCt.Cli.Commands;

/// <summary>The controls of a study, on features that were fitted to no label.</summary>
internal static class StudyControls
{
    /// <summary>Writes them where they are not there yet.</summary>
    public static void Write(ConsoleOutput console, StudyFolder folder, CtDataset dataset, StudyOptions options, CancellationToken cancellationToken)
    {
        var file = Path.Combine(folder.FullPath, ControlReport.FileName);
        if (File.Exists(file))
        {
            return;
        }

        RunStepDisplay.Show(console, progressOf =>
        {
            var report = new FeatureControls(new BackboneFactory(), new SkiaImageDecoder()).Run(dataset, options, progressOf, cancellationToken);
            report.Write(file);
            return report;
        });
    }
}

using CovidCt.Records;
using CovidCt.Audit;
using CovidCt.Cli.Output;
using CovidCt.Data;
using CovidCt.Recipes;
using CovidCt.Studies;

namespace CovidCt.Cli.Commands;

/// <summary>The audit of a study's data, before anything is trained.</summary>
internal static class StudyAudit
{
    /// <summary>Writes it where it is not there yet, and tells what is serious.</summary>
    public static void Write(ConsoleOutput console, StudyFolder folder, CtDataset dataset, StudyOptions options, CancellationToken cancellationToken)
    {
        var file = Path.Combine(folder.FullPath, StudyLayout.AuditName);
        if (File.Exists(file) || dataset.Classes.Count != 2) // A study of other numbers of classes is refused.
        {
            return;
        }

        var asked = new DatasetAuditOptions { GroupBy = options.GroupBy == GroupBy.Image ? GroupBy.Image : GroupBy.Patient, Folds = options.Folds, Seed = options.Seed };
        var chosen = options.MaxImages is { } most ? dataset.Take(most) : dataset;
        var report = AuditDisplay.Show(console, progress => DatasetAudit.Run(chosen, asked, progress, cancellationToken: cancellationToken));
        report.Write(file);
        foreach (var finding in report.Findings.Where(finding => finding.Verdict == AuditVerdict.Serious && finding.Check != AuditFinding.FoldsByImage))
        {
            console.Warning(finding.Sentence);
        }
    }
}

using CovidCt.Audit;
using CovidCt.Data;

namespace CovidCt.Evaluation.Tests.Audit;

public sealed class SourceChecksTests
{
    [Fact]
    [Trait("Category", "Long")]
    public void Sources_across_folds_are_counted_as_the_folds_have_them()
    {
        using var phantom = new AuditPhantom(16);
        var dataset = WithSources(phantom);

        var report = Audit(dataset, GroupBy.Patient);

        foreach (var (way, folds) in ((GroupBy, IReadOnlyList<Fold>)[])
            [(GroupBy.Image, Fold.ByImage(dataset, 2, 0)), (GroupBy.Patient, Fold.ByPatient(dataset, 2, 0)), (GroupBy.Source, Fold.BySource(dataset, 2, 0))])
        {
            var found = report.Sources!.Folds.Single(one => one.GroupBy == way);
            var expected = dataset.Classes.Select((_, label) => folds.Sum(fold => fold.Test.Count(row =>
                dataset.Samples[row].Label == label && fold.Train.Any(other => dataset.Samples[other].Source == dataset.Samples[row].Source)))).ToArray();
            Assert.Equal(expected, found.Classes.Select(one => one.SharedImages));
            Assert.Equal((expected.Sum(), dataset.Samples.Count), (found.SharedImages, found.TestImages));
            Assert.Equal(way == GroupBy.Source, found.SharedImages == 0);
        }

        Assert.Equal((12, 4, 12), (report.Sources!.Sources, report.Sources.OfSeveralPatients, report.SourceCount));
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Folds_by_patient_that_share_sources_are_serious_and_folds_by_source_are_clean()
    {
        using var phantom = new AuditPhantom(16);
        var dataset = WithSources(phantom);

        var byPatient = Finding(Audit(dataset, GroupBy.Patient));
        Assert.Equal(AuditVerdict.Serious, byPatient.Verdict);
        Assert.Matches(@"^In 2 folds by patient \d+\.\d % of the test images have an image of the same source in training, of those of COVID \d+\.\d %\.$", byPatient.Sentence);
        Assert.Equal(AuditVerdict.Clean, Finding(Audit(dataset, GroupBy.Source)).Verdict);
        Assert.Equal(byPatient.Sentence, Finding(Audit(dataset, GroupBy.Image)).Sentence);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Without_sources_nothing_is_said_of_them_and_an_audit_is_read_as_written()
    {
        using var phantom = new AuditPhantom();
        var report = Audit(CtDataset.Open(phantom.Folder), GroupBy.Patient);
        Assert.Null(report.Sources);
        Assert.DoesNotContain(report.Findings, finding => finding.Check == AuditFinding.SharedSources);

        var full = Audit(WithSources(new AuditPhantom(16)), GroupBy.Patient);
        var file = Path.Combine(phantom.Folder, "audit.json");
        full.Write(file);
        var read = DatasetAuditReport.Read(file);
        Assert.Equal(full.ToJson().ToJsonString(), read.ToJson().ToJsonString());
        Assert.Equal(12, read.SourceCount);

        // As audits were before sources were looked at.
        var old = full.ToJson();
        Assert.True(old.Remove("sources") && old.Remove("baseline"));
        File.WriteAllText(file, old.ToJsonString());
        Assert.Equal(0, DatasetAuditReport.Read(file).SourceCount);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void The_probe_keeps_sources_together_and_is_asked_again_in_the_folds_of_the_study()
    {
        using var phantom = new AuditPhantom(16);
        var dataset = WithSources(phantom);

        var byPatient = Audit(dataset, GroupBy.Patient);
        Assert.Equal((GroupBy.Source, GroupBy.Patient), (byPatient.Shortcut!.GroupBy, byPatient.Baseline!.GroupBy));
        Assert.Empty(byPatient.Baseline.Features);
        Assert.Equal(3, byPatient.Baseline.Groups.Count);
        Assert.Null(Audit(dataset, GroupBy.Source).Baseline);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void A_data_set_that_is_tested_on_is_probed_by_what_is_trained_on_the_other_and_looked_through_for_its_images()
    {
        using var here = new AuditPhantom();
        using var there = new AuditPhantom(16);
        var dataset = CtDataset.Open(here.Folder).TestedOn(CtDataset.Open(there.Folder));

        var report = Audit(dataset, GroupBy.Official);

        Assert.Equal((GroupBy.Official, 1), (report.Shortcut!.GroupBy, report.Shortcut.Folds));
        Assert.Null(report.Baseline);
        Assert.All(report.Patients.Folds, folds => Assert.Equal((GroupBy.Official, there.Rows.Count), (folds.GroupBy, folds.TestImages)));
        Assert.Contains(
            "the data set to train on", report.Findings.Single(finding => finding.Check == AuditFinding.OfficialSplit).Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain(report.Findings, finding => finding.Verdict == AuditVerdict.Serious && finding.Check == AuditFinding.FoldsByPatient);
    }

    private static AuditFinding Finding(DatasetAuditReport report) => report.Findings.Single(finding => finding.Check == AuditFinding.SharedSources);

    private static DatasetAuditReport Audit(CtDataset dataset, GroupBy groupBy) => DatasetAudit.Run(
        dataset, new() { GroupBy = groupBy, Folds = 2, Trees = 3 }, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Two patients of the positive class are of one source, and every other patient is a source.</summary>
    private static CtDataset WithSources(AuditPhantom phantom)
    {
        var dataset = CtDataset.Open(phantom.Folder);
        var positive = dataset.Samples.Where(sample => sample.Label == dataset.Positive).Select(sample => sample.Patient).Distinct().ToList();
        return dataset with
        {
            Samples =
            [
                .. dataset.Samples.Select(sample => sample with { Source = sample.Label == dataset.Positive ? $"s{positive.IndexOf(sample.Patient) % 4}" : sample.Patient }),
            ],
        };
    }
}

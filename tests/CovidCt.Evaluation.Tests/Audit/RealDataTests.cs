using System.Diagnostics;
using CovidCt.Audit;
using CovidCt.Data;
using CovidCt.Tests;

namespace CovidCt.Evaluation.Tests.Audit;

[Trait("Category", "Long")]
public class RealDataTests
{
    [Fact]
    public void Covid19_ct_shows_what_is_wrong_with_it_within_half_a_minute()
    {
        var dataset = CtDataset.Open(RealData.Folder("covid19-ct"));
        var clock = Stopwatch.StartNew();

        var report = DatasetAudit.Run(dataset, new DatasetAuditOptions(), cancellationToken: TestContext.Current.CancellationToken);

        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 30);
        Assert.Equal(
            [("CT_COVID/kjr-21-e24-p5-29.png", "CT_NonCOVID/71%0.jpg"), ("CT_COVID/kjr-21-e24-p5-31.png", "CT_NonCOVID/71%1.jpg")],
            report.Duplicates.Pairs.Where(pair => !pair.SameLabel).Select(pair => (pair.First, pair.Second)).Order());
        Assert.Equal(2, report.Duplicates.AcrossLabels);
        Assert.All(report.Duplicates.Pairs.Where(pair => !pair.SameLabel), pair => Assert.InRange(pair.Similarity, 0.93, 1));
        Assert.Contains(report.Duplicates.Pairs, pair => pair is
        {
            Kind: PairKind.SameSlice, First: "CT_COVID/2020.03.22.20040782-p24-1533-6.png", Second: "CT_COVID/2020.03.22.20040782-p25-1543.png", SamePatient: false,
        });
        Assert.Equal((0, 0), (report.Duplicates.SameFile, report.Duplicates.SamePixels));

        var byImage = report.Patients.Folds.Single(folds => folds.GroupBy == GroupBy.Image);
        Assert.InRange(byImage.SharedShare!.Value, 0.6, 0.7);
        Assert.Equal(0, report.Patients.Folds.Single(folds => folds.GroupBy == GroupBy.Patient).SharedImages);
        Assert.Equal((425, 118, 203), (report.Patients.Split!.Train, report.Patients.Split.Val, report.Patients.Split.Test));
        Assert.Empty(report.Patients.Split.SharedPatients);

        // The COVID images of two folds in three come from publications that are in training too.
        var byPatient = report.Sources!.Folds.Single(folds => folds.GroupBy == GroupBy.Patient);
        Assert.Equal((229, 40), (report.SourceCount, report.Sources.OfSeveralPatients));
        Assert.Equal((0, 397), (byPatient.Classes[0].SharedImages, byPatient.Classes[0].TestImages));
        Assert.InRange((double)byPatient.Classes[1].SharedImages / byPatient.Classes[1].TestImages, 0.65, 0.75);
        Assert.Equal(AuditVerdict.Serious, report.Findings.Single(finding => finding.Check == AuditFinding.SharedSources).Verdict);

        Assert.Equal((GroupBy.Source, GroupBy.Image), (report.Shortcut!.GroupBy, report.Baseline!.GroupBy));
        Assert.True(report.Baseline.All.Accuracy > report.Shortcut.All.Accuracy + 0.01);
        Assert.InRange(report.Shortcut!.All.Accuracy, 0.9, 1);
        Assert.True(report.Shortcut.Groups[0].AccuracyInterval.Low > 0.8);
        Assert.Contains(report.Shortcut.Features.Take(2), feature => feature.Name == "colour type");
        Assert.Equal(AuditVerdict.Serious, report.Verdict);
    }

    [Fact]
    public void The_sars_sample_has_a_shortcut_and_no_conflict()
    {
        var dataset = CtDataset.Open(RealData.Folder("sars-cov-2-ct-sample"));

        var report = DatasetAudit.Run(dataset, new DatasetAuditOptions(), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(0, report.Duplicates.AcrossLabels);
        Assert.DoesNotContain(report.Duplicates.Pairs, pair => !pair.SameLabel);
        Assert.Equal(("colour type", 1.0), (report.Shortcut!.Features[0].Name, report.Shortcut.Features[0].Accuracy));
        Assert.Equal(0, report.Patients.Patients);
    }
}

using CovidCt.Dicom.Tests.Writing;
using CovidCt.Imaging;
using CovidCt.Tests;

namespace CovidCt.Dicom.Tests;

public sealed class StructuredReportTests : IDisposable
{
    private readonly AnsweredSeries _answers = new();

    public static TheoryData<string> Kinds => AnsweredSeries.Kinds;

    public void Dispose() => _answers.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_report_has_patient_and_study_of_its_source_and_refers_to_all_slices(string kind)
    {
        var (source, series, phantoms) = _answers.Series(kind);
        Assert.Equal(phantoms[0].Frames * phantoms.Count, series.Slices.Count);
        var uid = StructuredReport.Write(_answers["report.dcm"], source, AnsweredSeries.Answer);
        var (report, slice) = (DicomFile.Open(_answers["report.dcm"]).Data, DicomFile.Parse(phantoms[0].File()).Data);

        Assert.Equal(uid, report.Text(Tags.SopInstanceUid));
        foreach (var tag in (DicomTag[])[Tags.PatientName, Tags.PatientId, Tags.PatientBirthDate, Tags.PatientSex, Tags.StudyInstanceUid, Tags.StudyId, Tags.AccessionNumber])
        {
            Assert.Equal(slice.Text(tag), report.Text(tag));
        }

        var evidence = Assert.Single(Assert.Single(report.Items(Tags.CurrentRequestedProcedureEvidenceSequence)).Items(Tags.ReferencedSeriesSequence));
        Assert.Equal(slice.Text(Tags.SeriesInstanceUid), evidence.Text(Tags.SeriesInstanceUid));
        string[] instances = [.. series.Slices.Select(one => one.Path).Distinct().Select(path => DicomFile.Open(path).Data.Text(Tags.SopInstanceUid)!)];
        Assert.Equal(instances, evidence.Items(Tags.ReferencedSopSequence).Select(item => item.Text(Tags.ReferencedSopInstanceUid)));
        Assert.All(evidence.Items(Tags.ReferencedSopSequence), item => Assert.Equal(slice.Text(Tags.SopClassUid), item.Text(Tags.ReferencedSopClassUid)));

        var items = Items(report).ToList();
        Assert.Equal(instances, items.Where(item => item.Text(Tags.ValueType) == "IMAGE").Select(item => item.Items(Tags.ReferencedSopSequence)[0].Text(Tags.ReferencedSopInstanceUid)));
        Assert.Equal(AnsweredSeries.Notice, Said("Summary"));
        Assert.Equal("SqueezeNet 1.1: COVID, probability of COVID 0.8312 (0.7512 calibrated), threshold 0.4321, mean over 3 slices.", Said("Finding"));
        Assert.Equal("0.8312", Said("Probability"));
        Assert.Equal("0.7512", Said("Calibrated probability"));
        Assert.Equal("0.4321", Said("Threshold Value"));
        Assert.Equal("COVID, NonCOVID (holds the class in 90 % of images)", Said("Classes that can't be ruled out"));
        Assert.Equal("0.5000, threshold 0.2500: unlike the training images, so that the answer means little", Said("Distance to the training images"));
        Assert.Contains(items, item => item.Text(Tags.TextValue) == (kind == "japanese" ? AnsweredSeries.Answer.Findings[0].Replace('°', '?') : AnsweredSeries.Answer.Findings[0]));
        Assert.Contains(items, item => item.Text(Tags.TextValue) == "A note.");

        string? Said(string name) => items
            .FirstOrDefault(item => item.Text(Tags.ValueType) == "TEXT" && item.Items(Tags.ConceptNameCodeSequence)[0].Text(Tags.CodeMeaning) == name)?.Text(Tags.TextValue);
    }

    [Fact]
    public void The_same_answer_has_the_same_identifiers_whenever_it_is_written_and_another_has_others()
    {
        var (source, series, phantoms) = _answers.Series("documented");
        var uid = Write(AnsweredSeries.Answer);
        var first = File.ReadAllBytes(_answers["report.dcm"]);
        Assert.Equal(uid, Write(AnsweredSeries.Answer));
        Assert.Equal(first, File.ReadAllBytes(_answers["report.dcm"]));
        Assert.Equal(uid, Write(AnsweredSeries.Answer with { Answered = null }));
        var answer = AnsweredSeries.Answer.Answer;
        string[] others =
        [
            Write(AnsweredSeries.Answer with { Answer = answer with { Probability = 0.7 } }), Write(AnsweredSeries.Answer with { Answer = answer with { CalibratedProbability = null } }),
            Write(AnsweredSeries.Answer with { Threshold = 0.5 }), Write(AnsweredSeries.Answer with { ModelHash = "1" }), Write(AnsweredSeries.Answer with { Rule = "greatest of 3 slices" }),
            StructuredReport.Write(_answers["report.dcm"], DicomSource.Read(series.Slices.Skip(1)), AnsweredSeries.Answer),
        ];
        Assert.Distinct([uid, .. others]);

        // Who the patient is, is no part of it: nobody finds a name by trying some.
        File.WriteAllBytes(series.Slices[0].Path, (phantoms[0] with { PatientName = "Other" }).File());
        Assert.Equal(uid, StructuredReport.Write(_answers["report.dcm"], DicomSource.Read(series.Slices), AnsweredSeries.Answer));

        string Write(ReportedAnswer reported) => StructuredReport.Write(_answers["report.dcm"], source, reported);
    }

    [Fact]
    public void Letters_of_a_source_that_names_no_character_set_stay_as_they_are()
    {
        File.WriteAllBytes(_answers["slice.dcm"], new Phantom { PatientName = "Buc^Jérôme" }.File());
        StructuredReport.Write(_answers["report.dcm"], DicomSource.Read([new(_answers["slice.dcm"], 0)]), AnsweredSeries.Answer);
        var report = DicomFile.Open(_answers["report.dcm"]).Data;
        Assert.Null(report.Text(Tags.SpecificCharacterSet));
        Assert.Equal("Buc^Jérôme", report.Text(Tags.PatientName));
    }

    [Fact]
    public void Frames_that_were_not_asked_about_are_not_referred_to()
    {
        var (_, series, _) = _answers.Series("enhanced");
        StructuredReport.Write(_answers["report.dcm"], DicomSource.Read(series.Slices.Where(slice => slice.Frame != 1)), AnsweredSeries.Answer);
        var image = Items(DicomFile.Open(_answers["report.dcm"]).Data).Single(item => item.Text(Tags.ValueType) == "IMAGE");
        Assert.Equal("1\\3", image.Items(Tags.ReferencedSopSequence)[0].Text(Tags.ReferencedFrameNumber));
    }

    [Fact]
    public void What_makes_no_sense_is_refused_in_a_sentence_that_names_nobody()
    {
        var (source, series, phantoms) = _answers.Series("documented");
        var answer = AnsweredSeries.Answer.Answer;
        foreach (var wrong in (ReportedAnswer[])
            [
                AnsweredSeries.Answer with { Network = "" }, AnsweredSeries.Answer with { Threshold = 1.5 }, AnsweredSeries.Answer with { SetLevel = -1 },
                AnsweredSeries.Answer with { Answer = answer with { Probability = double.NaN } }, AnsweredSeries.Answer with { Answer = answer with { Label = " " } },
            ])
        {
            var refusal = Assert.Throws<ArgumentException>(() => StructuredReport.Write(_answers["none.dcm"], source, wrong));
            Samples.AssertSentence(refusal.Message);
        }

        Assert.Throws<ArgumentException>(() => DicomSource.Read([]));
        Refused(phantoms[1] with { Series = "1.2.3.5" }, "more than one series");
        Refused(phantoms[1] with { PatientId = "Mustermann-4711" }, "more than one patient");
        Refused(phantoms[1] with { Series = "Mustermann" }, "no unique identifier");
        Assert.Throws<ImageRejectedException>(() => DicomSource.Read([series.Slices[0] with { Frame = 1 }]));
        Assert.False(File.Exists(_answers["none.dcm"]));

        void Refused(Phantom phantom, string part)
        {
            File.WriteAllBytes(_answers["other.dcm"], phantom.File());
            var refusal = Assert.Throws<ImageRejectedException>(() => DicomSource.Read([series.Slices[0], new(_answers["other.dcm"], 0)]));
            Samples.AssertSentence(refusal.Message);
            Assert.Contains(part, refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Of_a_changed_file_there_is_a_report_or_a_sentence()
    {
        var (random, written, refused) = (new Random(1), 0, 0);
        byte[][] files = [.. AnsweredSeries.Kinds.Select(kind => AnsweredSeries.Phantom(kind.Data).File())];
        for (var number = 0; number < 300; number++)
        {
            File.WriteAllBytes(_answers["slice.dcm"], ChangedFiles.Changed(files[number % files.Length], MutatedFilesTests.HeadLength, random));
            try
            {
                var source = DicomSource.Read([new(_answers["slice.dcm"], 0)]);
                StructuredReport.Write(_answers["report.dcm"], source, AnsweredSeries.Answer);
                Assert.Equal("SR", DicomFile.Open(_answers["report.dcm"]).Data.Text(Tags.Modality));
                written++;
            }
            catch (ImageRejectedException e)
            {
                Samples.AssertSentence(e.Message);
                refused++;
            }
        }

        Assert.True(written > 20 && refused > 20, $"{written} written, {refused} refused");
    }

    [Fact]
    public void What_is_too_long_to_be_written_is_refused()
    {
        File.WriteAllBytes(_answers["slice.dcm"], new Phantom { PatientName = new string('x', 70_000), Syntax = Phantom.ImplicitSyntax }.File());
        var refusal = Assert.Throws<ImageRejectedException>(() => DicomSource.Read([new(_answers["slice.dcm"], 0)]));
        Samples.AssertSentence(refusal.Message);
        Assert.Contains("65534", refusal.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<DicomDataSet> Items(DicomDataSet data) => data.Items(Tags.ContentSequence).SelectMany(item => (IEnumerable<DicomDataSet>)[item, .. Items(item)]);
}

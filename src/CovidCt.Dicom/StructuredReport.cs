using CovidCt.Dicom.Writing;

namespace CovidCt.Dicom;

/// <summary>
/// The answer about a series as a DICOM document: Basic Text SR (PS3.3, section A.35.1), which viewers show beside the images.
/// </summary>
/// <remarks>
/// <para>
/// It lies in the patient's study, in a series of its own, follows TID 2000 (PS3.16), says that it is for research and no diagnosis, is
/// unverified, and refers to each of the slices that were asked about. Numbers are texts: a Basic Text SR has no others.
/// </para>
/// <para>
/// Its SOP Instance UID is a hash of all that the document says besides who the patient is and when it was written: whoever writes the same
/// answer again, such as after a crash, gets the same one, and an archive keeps it once.
/// </para>
/// </remarks>
public static class StructuredReport
{
    private const string SopClass = "1.2.840.10008.5.1.4.1.1.88.11", Kind = "report", Template = "2000", SeriesNumber = "9001";

    /// <summary>Writes a report, whole or not at all.</summary>
    /// <param name="path">The file, replaced if it is there; its folder is made when missing.</param>
    /// <param name="source">What the answer is about.</param>
    /// <param name="answer">The answer.</param>
    /// <returns>The report's SOP Instance UID.</returns>
    /// <exception cref="ArgumentException">The answer lacks something or is out of its range; the message says all of it.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static string Write(string path, DicomSource source, ReportedAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(answer);
        OptionsValidation.ThrowIfInvalid(answer);
        var data = source.Begin()
            .Text(Tags.Modality, "SR")
            .Text(Tags.SeriesInstanceUid, source.SeriesOf(Kind, answer))
            .Text(Tags.SeriesNumber, SeriesNumber)
            .Text(Tags.SeriesDescription, $"{Part10.Product}, research only: {answer.Network}")
            .Sequence(Tags.ReferencedPerformedProcedureStepSequence)
            .Equipment()
            .Text(Tags.InstanceNumber, "1")
            .Text(Tags.CompletionFlag, "COMPLETE")
            .Text(Tags.VerificationFlag, "UNVERIFIED")
            .Text(Tags.PreliminaryFlag, "PRELIMINARY")
            .Sequence(Tags.PerformedProcedureCodeSequence)
            .Sequence(Tags.CurrentRequestedProcedureEvidenceSequence, study => study
                .Text(Tags.StudyInstanceUid, source.StudyUid)
                .Sequence(Tags.ReferencedSeriesSequence, series => series
                    .Text(Tags.SeriesInstanceUid, source.SeriesUid)
                    .Sequence(
                        Tags.ReferencedSopSequence,
                        source.Instances.Select(instance => (Action<DataSetWriter>)instance.ReferWhole))))
            .Sequence(Tags.CodingSchemeIdentificationSequence, scheme => scheme
                .Text(Tags.CodingSchemeDesignator, Code.OwnScheme).Text(Tags.CodingSchemeName, Part10.Product))
            .Sequence(Tags.ContentTemplateSequence, template => template
                .Text(Tags.MappingResource, "DCMR").Text(Tags.TemplateIdentifier, Template));
        Content(source, answer).WriteRoot(data);
        var uid = Uid.Of(Kind, data.ToArray());
        Part10.Write(path, SopClass, uid, source.Identify(data).Made(answer.Answered ?? DateTimeOffset.Now));
        return uid;
    }

    private static ContentItem Content(DicomSource source, ReportedAnswer answer) => ContentItem.Container(
        Code.CtReport,
        [
            ContentItem.Coded(Code.Language, Code.English).As("HAS CONCEPT MOD"),
            .. Observer(answer).Select(item => item.As("HAS OBS CONTEXT")),
            ContentItem.Container(Code.Summaries, ContentItem.Text(Code.Summary, Part10.Notice)),
            ContentItem.Container(Code.Findings, Findings(source, answer)),
            ContentItem.Container(
                Code.Procedures,
                ContentItem.Text(Code.Algorithm, answer.Network),
                ContentItem.Text(Code.AlgorithmVersion, Part10.Version),
                ContentItem.Text(Code.ModelSum, answer.ModelHash),
                ContentItem.Text(Code.Rule, answer.Rule)),
        ]);

    private static IEnumerable<ContentItem> Observer(ReportedAnswer answer) =>
    [
        ContentItem.Coded(Code.ObserverType, Code.Device),
        ContentItem.Identifier(Code.DeviceUid, Uid.Of("device", answer.Network, answer.ModelHash, Part10.Version)),
        ContentItem.Text(Code.DeviceName, Part10.Product),
        ContentItem.Text(Code.DeviceManufacturer, Part10.Product),
        ContentItem.Text(Code.DeviceModel, answer.Network),
    ];

    private static IEnumerable<ContentItem> Findings(DicomSource source, ReportedAnswer reported)
    {
        var answer = reported.Answer;
        yield return ContentItem.Text(Code.Finding, reported.Sentence)
            .With(source.Instances.Select(instance => ContentItem.Image(instance).As("INFERRED FROM")));
        yield return ContentItem.Text(Code.Label, answer.Label);
        yield return ContentItem.Text(Code.Positive, answer.Positive);
        yield return ContentItem.Text(Code.Probability, ReportedAnswer.Number(answer.Probability));
        if (answer.CalibratedProbability is { } calibrated)
        {
            yield return ContentItem.Text(Code.Calibrated, ReportedAnswer.Number(calibrated));
        }

        yield return ContentItem.Text(Code.Threshold, ReportedAnswer.Number(reported.Threshold));
        if (answer.PredictionSet is { } set)
        {
            var level = reported.SetLevel is { } given ? Fault.Text($" (holds the class in {100 * given:0.#} % of images)") : "";
            yield return ContentItem.Text(Code.Set, (set.Count == 0 ? "none" : string.Join(", ", set)) + level);
        }

        if (answer.TrainingDistance is { } distance)
        {
            var verdict = distance.IsUnlike ? "unlike the training images, so that the answer means little" : "like the training images";
            yield return ContentItem.Text(
                Code.Distance,
                $"{ReportedAnswer.Number(distance.Distance)}, threshold {ReportedAnswer.Number(distance.Threshold)}: {verdict}");
        }

        foreach (var finding in reported.Findings.Append(answer.ImageNote).Where(finding => !string.IsNullOrWhiteSpace(finding)))
        {
            yield return ContentItem.Text(Code.Finding, finding!);
        }
    }
}

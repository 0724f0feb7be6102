using System.Globalization;
using CovidCt.Data;

namespace CovidCt.Audit;

/// <summary>Puts an audit's facts into verdicts and sentences.</summary>
internal static class AuditFindings
{
    // A tenth of the test images known from training moves accuracy by points.
    private const double MuchShared = 0.1;

    // Shares of the way from chance to certainty.
    private const double SomethingGiven = 0.2;
    private const double MuchGiven = 0.5;

    private const double Uneven = 1.5;
    private const double VeryUneven = 4;

    // Lungs' vessels are lost below this; the networks take 224 and more.
    private const int SmallSide = 100;

    public static IEnumerable<AuditFinding> Of(DatasetAuditReport report, CtDataset dataset)
    {
        if (dataset.TestSource is null)
        {
            yield return ByImage(report);
            yield return ByPatient(report);
        }

        if (report.Sources is { } sources)
        {
            yield return OfSources(report, sources, way => Design(way, report.Folds, dataset.TestSource is not null));
        }

        if (report.Patients.Split is { } split)
        {
            yield return dataset.TestSource is null ? OfSplit(split) : OfTwoDataSets(split);
        }

        if (report.Patients.Patients > 0)
        {
            yield return OfSeveralClasses(report.Patients);
        }

        yield return Conflicts(report.Duplicates);
        yield return Exact(report.Duplicates);
        yield return Near(report.Duplicates);
        yield return Alike(report.Duplicates, report.Patients);
        yield return OfProbe(report.Shortcut, report.Images);
        yield return OfRejected(report, dataset);
        yield return Balance(report);
        yield return OfSizes(report);
    }

    private static AuditFinding ByImage(DatasetAuditReport report)
    {
        var patients = report.Patients;
        if (patients.Patients == 0)
        {
            return new(
                AuditFinding.FoldsByImage,
                AuditVerdict.Warning,
                "Patients are unknown: nobody can say how many test images have an image of the same patient in training.",
                []);
        }

        if (Leakage(report, GroupBy.Image) is not { SharedShare: { } share } leakage)
        {
            return TooSmall(AuditFinding.FoldsByImage, report, "images");
        }

        var verdict = share == 0 ? AuditVerdict.Clean
            : report.GroupBy != GroupBy.Image && report.GroupBy != GroupBy.EachSource ? AuditVerdict.Note
            : share >= MuchShared ? AuditVerdict.Serious : AuditVerdict.Warning;
        var sentence = share == 0
            ? Text($"In {report.Folds} folds by image no test image has an image of the same patient in training.")
            : Text($"In {report.Folds} folds by image {Percent(share)} of the test images have an image of the same patient in training.");
        return new(AuditFinding.FoldsByImage, verdict, sentence,
        [
            Text($"{leakage.SharedImages} of {leakage.TestImages} test images, ")
                + Text($"{leakage.SharedPatients} of {patients.Patients} patients on both sides"),
            Text($"{leakage.TwinImages} test images with the same slice in training"),
            .. patients.Unknown > 0
                ? [Text($"{patients.Unknown} images are of unknown patients, and may share more")]
                : Array.Empty<string>(),
        ]);
    }

    private static AuditFinding ByPatient(DatasetAuditReport report)
    {
        var patients = report.Patients;
        var asked = report.GroupBy == GroupBy.Patient;
        if (patients.Unknown > 0)
        {
            return new(AuditFinding.FoldsByPatient, asked ? AuditVerdict.Serious : AuditVerdict.Note,
                Text($"Folds by patient can't be made: the patient of {patients.Unknown} of {report.Images} images is unknown."), []);
        }

        if (Leakage(report, GroupBy.Patient) is not { } leakage)
        {
            return TooSmall(AuditFinding.FoldsByPatient, report, "patients");
        }

        var twins = Counted(leakage.TwinImages, "test image has", "test images have");
        return leakage.TwinImages == 0
            ? new(
                AuditFinding.FoldsByPatient,
                AuditVerdict.Clean,
                Text($"In {report.Folds} folds by patient no patient and no slice is on both sides."),
                [])
            : new(AuditFinding.FoldsByPatient, AuditVerdict.Warning,
                Text($"In {report.Folds} folds by patient no patient is on both sides by name, ")
                    + $"but {twins} the same slice in training under another patient's name.",
                Pairs(report.Duplicates.Pairs.Where(pair => pair.Kind != PairKind.LookAlike && pair.SamePatient == false)));
    }

    private static AuditFinding OfSources(DatasetAuditReport report, SourceAudit sources, Func<GroupBy, string> design)
    {
        // Of a study by image what counts is what is left when patients are kept together: the other is the patient.
        var leakage = report.GroupBy == GroupBy.Image ? Drawn(GroupBy.Patient) ?? Drawn(GroupBy.Image) : Drawn(report.GroupBy);
        if (leakage is null)
        {
            return TooSmall(AuditFinding.SharedSources, report, "images");
        }

        var verdict = leakage.SharedImages == 0 ? AuditVerdict.Clean
            : leakage.SharedShare >= MuchShared ? AuditVerdict.Serious : AuditVerdict.Warning;
        var way = design(leakage.GroupBy);
        var most = leakage.Classes.Where(one => one.TestImages > 0).MaxBy(one => (double)one.SharedImages / one.TestImages)!;
        var sentence = leakage.SharedImages == 0
            ? $"In {way} no test image has an image of the same source in training."
            : $"In {way} {Percent(leakage.SharedShare)} of the test images have an image of the same source in training, "
                + $"of those of {most.Name} {Percent((double)most.SharedImages / most.TestImages)}.";
        return new(AuditFinding.SharedSources, verdict, sentence,
        [
            Text($"{Counted(sources.Sources, "source", "sources")}, {sources.OfSeveralPatients} of them with several patients"),
            .. sources.Folds.SelectMany(folds => folds.Classes.Select(one =>
                Text($"{design(folds.GroupBy)}: {one.SharedImages} of {one.TestImages} test images of {one.Name}"))),
            .. sources.Unknown > 0 ? [Text($"{sources.Unknown} images are of unknown sources, and may share more")] : Array.Empty<string>(),
        ]);

        SourceLeakage? Drawn(GroupBy way) => sources.Folds.FirstOrDefault(folds => folds.GroupBy == way);
    }

    private static string Design(GroupBy groupBy, int folds, bool isOfTwo) =>
        groupBy == GroupBy.Official ? isOfTwo ? "training on one data set and testing on the other" : "the data set's own split"
        : groupBy == GroupBy.Collection ? "two folds across collections"
        : groupBy == GroupBy.EachSource ? "folds of one source each"
        : Text($"{folds} folds by {groupBy.Column ?? (groupBy == GroupBy.Source ? "source" : groupBy.Name)}");

    private static AuditFinding OfTwoDataSets(SplitAudit split)
    {
        string[] evidence = [Text($"{split.Twins} pairs of the same slice and {split.LookAlikes} pairs of look-alikes in both data sets")];
        return split.Twins + split.LookAlikes == 0
            ? new(AuditFinding.OfficialSplit, AuditVerdict.Clean,
                "No slice of the data set to train on is in the one to test on.", evidence)
            : new(AuditFinding.OfficialSplit, split.Twins > 0 ? AuditVerdict.Serious : AuditVerdict.Warning,
                "Images that look like one person's are in the data set to train on and in the one to test on.", evidence);
    }

    private static AuditFinding OfSplit(SplitAudit split)
    {
        var outside = split.Outside > 0 ? Text($", in no part {split.Outside}") : "";
        var evidence = new List<string>
        {
            Text($"train {split.Train}, val {split.Val}, test {split.Test}{outside}"),
            Text($"{split.Twins} pairs of the same slice in two parts; ")
                + Text($"{split.LookAlikes} pairs of look-alikes of two patients in two parts"),
        };
        if (split.SourceImages is { } sourceImages)
        {
            evidence.Add(Text($"{sourceImages} of {split.Test} test images with an image of the same source in another part"));
        }

        if (split.SharedPatients.Count > 0)
        {
            return new(AuditFinding.OfficialSplit, AuditVerdict.Serious,
                Text($"The data set's own split has {Counted(split.SharedPatients.Count, "patient", "patients")} in more than one part."),
                Few([.. evidence, .. split.SharedPatients]));
        }

        if (split is { Twins: 0, LookAlikes: 0 })
        {
            return split.SourceImages is > 0
                ? new(AuditFinding.OfficialSplit, AuditVerdict.Warning,
                    "The data set's own split keeps each patient in one part, but not each source.", evidence)
                : new(AuditFinding.OfficialSplit, AuditVerdict.Clean, "The data set's own split keeps each patient in one part.", evidence);
        }

        return new(AuditFinding.OfficialSplit, AuditVerdict.Warning,
                "The data set's own split keeps each patient in one part by name, but images that look like one person's are in two parts.",
                evidence);
    }

    private static AuditFinding OfSeveralClasses(PatientAudit patients) => patients.OfSeveralClasses.Count == 0
        ? new(AuditFinding.PatientLabels, AuditVerdict.Clean, "No patient has images of several classes.", [])
        : new(AuditFinding.PatientLabels, AuditVerdict.Note,
            Text($"{Counted(patients.OfSeveralClasses.Count, "patient has", "patients have")} images of several classes."),
            Few(patients.OfSeveralClasses));

    private static AuditFinding Conflicts(DuplicateAudit duplicates) => duplicates.AcrossLabels == 0
        ? new(AuditFinding.LabelConflicts, AuditVerdict.Clean, "No file, image or slice has two labels.", [])
        : new(AuditFinding.LabelConflicts, AuditVerdict.Serious,
            $"{Counted(duplicates.AcrossLabels, "pair of images shows", "pairs of images show")} the same slice under two labels: "
                + "one of each pair is wrong.",
            Pairs(duplicates.Pairs.Where(pair => !pair.SameLabel && pair.Kind != PairKind.LookAlike)));

    private static AuditFinding Exact(DuplicateAudit duplicates)
    {
        var copies = duplicates.SameFile + duplicates.SamePixels;
        if (copies == 0)
        {
            return new(AuditFinding.ExactDuplicates, AuditVerdict.Clean, "No two files have the same bytes or the same pixels.", []);
        }

        var listed = duplicates.Pairs.Where(pair => pair.Kind is PairKind.SameFile or PairKind.SamePixels).ToArray();
        return new(AuditFinding.ExactDuplicates, listed.Length > 0 ? AuditVerdict.Warning : AuditVerdict.Note,
            $"{Counted(copies, "image is a copy", "images are copies")} of another: "
                + Text($"{duplicates.SameFile} by bytes, {duplicates.SamePixels} by pixels alone."),
            listed.Length > 0 ? Pairs(listed) : ["each within one patient and label"]);
    }

    private static AuditFinding Near(DuplicateAudit duplicates)
    {
        var listed = duplicates.Pairs.Where(pair => pair.Kind == PairKind.SameSlice).ToArray();
        var shown = $"{Counted(duplicates.SameSlice, "pair of images shows", "pairs of images show")} the same slice in other pixels";
        return duplicates.SameSlice == 0
            ? new(AuditFinding.NearDuplicates, AuditVerdict.Clean, "No slice is there twice in other pixels.", [])
            : new(AuditFinding.NearDuplicates, listed.Length > 0 ? AuditVerdict.Warning : AuditVerdict.Note,
                listed.Length > 0
                    ? Text($"{shown}, {listed.Length} of them not within one patient and label.")
                    : $"{shown}, each within one patient.",
                Pairs(listed));
    }

    private static AuditFinding Alike(DuplicateAudit duplicates, PatientAudit patients)
    {
        var listed = duplicates.Pairs.Where(pair => pair.Kind == PairKind.LookAlike).ToArray();
        if (listed.Length == 0)
        {
            return new(AuditFinding.LookAlikes, AuditVerdict.Clean,
                duplicates.LookAlike == 0
                    ? "No images look like neighbouring slices of one person."
                    : $"{Counted(duplicates.LookAlike, "pair of images looks", "pairs of images look")} like neighbouring slices, "
                        + "each within one patient, as is to be expected.",
                []);
        }

        var ofTwo = listed.Count(pair => pair.SamePatient == false);
        var unnamed = patients.Patients == 0 ? ", whom the data set doesn't name" : "";
        return new(AuditFinding.LookAlikes, AuditVerdict.Note,
            ofTwo > 0
                ? $"{Counted(ofTwo, "pair of images", "pairs of images")} of two patients "
                    + "look like neighbouring slices of one person: worth a look."
                : $"{Counted(listed.Length, "pair of images looks", "pairs of images look")} "
                    + $"like neighbouring slices of one person{unnamed}.",
            Pairs(listed));
    }

    private static AuditFinding OfProbe(ShortcutProbeResult? probe, int images)
    {
        if (probe is null)
        {
            return new(
                AuditFinding.Shortcut,
                AuditVerdict.Note,
                Text($"{images} images are too few, or of too few patients a class, to probe for shortcuts."),
                []);
        }

        var (all, best) = (probe.All, probe.Features[0]);
        var gain = (all.BalancedAccuracy - probe.BalancedChance) / (1 - probe.BalancedChance);
        var verdict = all.BalancedInterval.Low <= probe.BalancedChance ? AuditVerdict.Clean
            : gain < SomethingGiven ? AuditVerdict.Note
            : gain < MuchGiven ? AuditVerdict.Warning : AuditVerdict.Serious;
        var sentence = verdict == AuditVerdict.Clean
            ? $"What is not anatomy doesn't tell the classes apart beyond chance ({Percent(all.BalancedAccuracy)} balanced accuracy)."
            : $"What is not anatomy tells the classes apart with {Percent(all.Accuracy)} accuracy (chance {Percent(probe.Chance)}); "
                + $"{best.Name} gives most away, alone {Percent(best.BalancedAccuracy)} balanced over the classes.";
        return new(
            AuditFinding.Shortcut, verdict, sentence, [.. new[] { all }.Concat(probe.Groups).Concat(probe.Features.Take(5)).Select(Line)]);

        static string Line(ShortcutProbeResult.Score score)
        {
            var (low, high) = (Percent(score.AccuracyInterval.Low), Percent(score.AccuracyInterval.High));
            return $"{score.Name}: accuracy {Percent(score.Accuracy)} ({low} to {high}), balanced {Percent(score.BalancedAccuracy)}";
        }
    }

    private static AuditFinding OfRejected(DatasetAuditReport report, CtDataset dataset) => dataset.Rejected.Count == 0
        ? new(AuditFinding.UnreadableFiles, AuditVerdict.Clean, Text($"Each of {report.Images} files can be read."), [])
        : new(AuditFinding.UnreadableFiles, AuditVerdict.Warning,
            Text($"{Counted(dataset.Rejected.Count, "file", "files")} of {report.Images + dataset.Rejected.Count} ")
                + "can't be used, and will be left out.",
            Few([.. dataset.Rejected.Select(rejection => $"{rejection.Path}: {rejection.Reason}")]));

    private static AuditFinding Balance(DatasetAuditReport report)
    {
        var (least, most) = (report.Classes.Min(one => one.Images), report.Classes.Max(one => one.Images));
        var ratio = least == 0 ? double.PositiveInfinity : (double)most / least;
        var verdict = ratio <= Uneven ? AuditVerdict.Clean : ratio <= VeryUneven ? AuditVerdict.Note : AuditVerdict.Warning;
        var sentence = verdict == AuditVerdict.Clean ? "The classes are about as large as each other."
            : least == 0 ? $"The class {report.Classes.First(one => one.Images == 0).Name} has no readable image."
            : Text($"The largest class has {ratio:0.0} times as many images as the smallest: accuracy alone flatters.");
        return new(AuditFinding.ClassBalance, verdict, sentence,
            [
                .. report.Classes.Select(one => $"{one.Name}: {Counted(one.Images, "image", "images")}"
                    + (one.Patients > 0 ? $", {Counted(one.Patients, "patient", "patients")}" : "")),
            ]);
    }

    private static AuditFinding OfSizes(DatasetAuditReport report)
    {
        var sizes = report.Sizes;
        var small = Math.Min(sizes.SmallestWidth, sizes.SmallestHeight) < SmallSide;
        return new(AuditFinding.ImageSizes, small ? AuditVerdict.Note : AuditVerdict.Clean,
            small
                ? Text($"Some images have less than {SmallSide} pixels on a side, too few for fine structure.")
                : Text($"Every image has {SmallSide} pixels or more on each side."),
            [
                Text($"width {sizes.SmallestWidth} to {sizes.LargestWidth}, median {sizes.MedianWidth}; ")
                    + Text($"height {sizes.SmallestHeight} to {sizes.LargestHeight}, median {sizes.MedianHeight}"),
            ]);
    }

    private static AuditFinding TooSmall(string check, DatasetAuditReport report, string what) =>
        new(check, AuditVerdict.Note, Text($"{report.Folds} folds can't be made: a class has fewer {what} than that."), []);

    private static FoldLeakage? Leakage(DatasetAuditReport report, GroupBy groupBy) =>
        report.Patients.Folds.FirstOrDefault(folds => folds.GroupBy == groupBy);

    private static string[] Pairs(IEnumerable<ImagePair> pairs) => Few([.. pairs.Select(Line)]);

    private static string Line(ImagePair pair)
    {
        var likeness = pair.Kind switch
        {
            PairKind.SameFile => "same bytes",
            PairKind.SamePixels => "same pixels",
            _ => Text($"similarity {pair.Similarity:0.00}"),
        };
        return $"{pair.First} = {pair.Second} ({likeness}{(pair.Mirrored ? ", mirrored" : "")}"
            + $"{(pair.SameLabel ? "" : ", two labels")}{(pair.SamePatient == false ? ", two patients" : "")})";
    }

    private static string[] Few(IReadOnlyList<string> lines) => lines.Count <= AuditFinding.MostEvidence
        ? [.. lines]
        : [.. lines.Take(AuditFinding.MostEvidence), Text($"and {lines.Count - AuditFinding.MostEvidence} more")];

    private static string Counted(int count, string one, string many) => Text($"{count} {(count == 1 ? one : many)}");

    private static string Percent(double share) => Text($"{100 * share:0.0} %");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text.Json;
using CovidCt.Answers;
using CovidCt.Calibration;
using CovidCt.Imaging;
using CovidCt.Models;
using CovidCt.Models.Weights;
using CovidCt.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace CovidCt.Inference;

/// <summary>
/// An ensemble in one safetensors file: each network's entries under <c>member-N/</c>, the features of its training images under
/// <c>reference-N/</c>, and what they expect and answer in the metadata, with the calibration and the sets of each as
/// <c>member-N/calibration</c> and <c>member-N/sets</c>. Of an ensemble that has its own, these are <c>calibration</c> and <c>sets</c>.
/// </summary>
internal static class EnsembleFile
{
    public const string Format = "covidct-ensemble-1";

    private const string MembersKey = "members", CalibrationKey = "calibration", SetsKey = "sets";
    private const int MostMembers = 1000; // as many as a study's folds

    public static bool IsOne(TensorFile file) => file.Metadata.GetValueOrDefault("format") == Format;

    public static void Write(string path, CtEnsemble ensemble)
    {
        var metadata = new Dictionary<string, string>(ensemble.Model.ToMetadata(Format));
        metadata[MembersKey] = ensemble.Count.ToString(CultureInfo.InvariantCulture);
        if (ensemble.Calibration is { } own)
        {
            metadata[CalibrationKey] = own.ToJson();
        }

        if (ensemble.Sets is { } ownSets)
        {
            metadata[SetsKey] = ownSets.ToJson();
        }

        using var scope = NewDisposeScope();
        var entries = new List<(string, Tensor)>();
        for (var i = 0; i < ensemble.Count; i++)
        {
            var member = ensemble.Members[i];
            entries.AddRange(member.Backbone.Network.state_dict().Select(entry => (Member(i) + entry.Key, entry.Value)));
            if (member.Calibration is { } calibration)
            {
                metadata[Calibration(i)] = calibration.ToJson();
            }

            if (member.Sets is { } sets)
            {
                metadata[Sets(i)] = sets.ToJson();
            }

            if (member.Reference is { } reference)
            {
                entries.Add((Reference(i) + TrainingReference.FeaturesKey, reference.Features));
                metadata[Reference(i) + TrainingReference.FactsKey] = reference.Facts.ToJson();
            }
        }

        TensorFile.Write(path, entries, metadata);
    }

    /// <summary>The members, each made when it is asked for, and what is known besides.</summary>
    /// <exception cref="WeightsException">The file is not an ensemble, or damaged.</exception>
    public static (IEnumerable<CtClassifier> Members, CtEnsemble.Facts Facts) Read(
        TensorFile file, IBackboneFactory backbones, IImageDecoder? decoder, Device device)
    {
        var (model, count) = Describe(file, backbones);
        try
        {
            var (calibration, sets) = Fitted(file, CalibrationKey, SetsKey);
            var member = model with { Folds = null, Seeds = null };
            return (
                Enumerable.Range(0, count).Select(i => Member(file, i, member, backbones, decoder, device)),
                new(model.Folds, model.Seeds, calibration, sets));
        }
        catch (Exception e) when (e is ArgumentException or JsonException)
        {
            throw new WeightsException($"{file.Path} is damaged: {e.Message}", e);
        }
    }

    private static (ModelDescription Model, int Count) Describe(TensorFile file, IBackboneFactory backbones)
    {
        try
        {
            if (!IsOne(file))
            {
                throw file.Metadata.GetValueOrDefault("format") == ModelFile.Format
                    ? new WeightsException(
                        $"{file.Path} holds one network. Load it with {nameof(CtClassifier)}.{nameof(CtClassifier.Load)}.")
                    : new FormatException("Its metadata doesn't say that it is.");
            }

            var count = int.Parse(file.Metadata.GetValueOrDefault(MembersKey) ?? "", NumberStyles.None, CultureInfo.InvariantCulture);
            return count is > 0 and <= MostMembers && !file.Entries.Any(entry => !IsOfMember(entry.Name, count))
                ? (ModelFile.Describe(file.Metadata, backbones), count)
                : throw new FormatException($"Its metadata says that it has {count} members, its entries are of others.");
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new WeightsException(
                $"{file.Path} is not an ensemble of this library. Give a file that {nameof(CtEnsemble)}.{nameof(CtEnsemble.Save)} wrote. "
                    + $"What is wrong: {e.Message}", e);
        }
    }

    private static CtClassifier Member(
        TensorFile file, int number, ModelDescription model, IBackboneFactory backbones, IImageDecoder? decoder, Device device)
    {
        var backbone = backbones.CreateForLoading(model.Network, model.Classes.Count);
        TrainingReference? reference = null;
        try
        {
            BackboneWeights.Load(backbone, file, Member(number));
            backbone.Network.to(device);
            var (calibration, sets) = Fitted(file, Calibration(number), Sets(number));
            reference = TrainingReference.Read(file, Reference(number));
            return new(backbone, model, decoder, reference, calibration, sets) { SourceFile = file.Path };
        }
        catch (Exception e)
        {
            reference?.Dispose();
            backbone.Dispose();
            throw e is ArgumentException or JsonException ? new WeightsException($"{file.Path} is damaged: {e.Message}", e) : e;
        }
    }

    private static (NetworkCalibration? Calibration, ConformalSets? Sets) Fitted(TensorFile file, string calibration, string sets) => (
        file.Metadata.TryGetValue(calibration, out var fitted) ? NetworkCalibration.FromJson(fitted) : null,
        file.Metadata.TryGetValue(sets, out var thresholds) ? ConformalSets.FromJson(thresholds) : null);

    private static bool IsOfMember(string entry, int count) =>
        Enumerable.Range(0, count)
            .Any(i => entry.StartsWith(Member(i), StringComparison.Ordinal) || entry.StartsWith(Reference(i), StringComparison.Ordinal));

    private static string Member(int number) => string.Create(CultureInfo.InvariantCulture, $"member-{number}/");

    private static string Calibration(int number) => Member(number) + CalibrationKey;

    private static string Sets(int number) => Member(number) + SetsKey;

    private static string Reference(int number) => string.Create(CultureInfo.InvariantCulture, $"reference-{number}/");
}

using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using CovidCt.Calibration;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Models.Onnx;
using CovidCt.Progress;
using static TorchSharp.torch;

namespace CovidCt.Export;

/// <summary>
/// Writes trained networks as ONNX files, which answer and explain without libtorch: what <see cref="OnnxModel"/> writes, with all that
/// whoever answers by it has to know in its metadata, which are the description of the model, calibrations, prediction sets and the
/// features of the training images.
/// </summary>
public static class OnnxExport
{
    /// <summary>Writes a network.</summary>
    /// <param name="classifier">The network; it stays the caller's.</param>
    /// <param name="path">The file, whole or not there; one that is there is replaced, and its folder is made when missing.</param>
    /// <exception cref="NotSupportedException">The network is not one of this library's.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void Write(CtClassifier classifier, string path)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        Write([classifier], path);
    }

    /// <summary>Writes an ensemble: all its networks in one file.</summary>
    /// <param name="ensemble">The ensemble; it stays the caller's.</param>
    /// <inheritdoc cref="Write(CtClassifier, string)"/>
    public static void Write(CtEnsemble ensemble, string path)
    {
        ArgumentNullException.ThrowIfNull(ensemble);
        Write(ensemble.Members, path, ensemble: ensemble);
    }

    /// <summary>
    /// Writes a network that computes in whole numbers of 8 bits up to its last feature map: three to four times as fast on processors
    /// that have instructions for it, in a quarter of the space, and with other last digits. What that does to its figures,
    /// <see cref="Records.NetworkStatistics.Change"/> says.
    /// </summary>
    /// <param name="classifier">The network; it stays the caller's.</param>
    /// <param name="training">Some of the images that it was trained on, which show the ranges of its values; tens will do.</param>
    /// <param name="path">The file, whole or not there; one that is there is replaced, and its folder is made when missing.</param>
    /// <param name="progress">Told how many images were run; each is run twice. Null tells nobody.</param>
    /// <param name="cancellationToken">Stops between two images; the file is not written then.</param>
    /// <exception cref="ArgumentException">There are no images, or the network computes no finite numbers of them.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <inheritdoc cref="Write(CtClassifier, string)" path="/exception"/>
    public static void WriteInt8(
        CtClassifier classifier, IReadOnlyList<GrayImage> training, string path, IProgress<StepProgress>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(training);
        Write([classifier], path, new([training], progress, cancellationToken));
    }

    /// <summary>Writes an ensemble so: all its networks in one file.</summary>
    /// <param name="ensemble">The ensemble; it stays the caller's.</param>
    /// <param name="training">For each network, in their order, some of the images that it was trained on.</param>
    /// <param name="path">The file, whole or not there; one that is there is replaced, and its folder is made when missing.</param>
    /// <param name="progress">Told how many images were run; each is run twice. Null tells nobody.</param>
    /// <param name="cancellationToken">Stops between two images; the file is not written then.</param>
    /// <exception cref="ArgumentException">There are no images, or a network computes no finite numbers of them.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <inheritdoc cref="Write(CtClassifier, string)" path="/exception"/>
    public static void WriteInt8(
        CtEnsemble ensemble, IReadOnlyList<IReadOnlyList<GrayImage>> training, string path, IProgress<StepProgress>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ensemble);
        ArgumentNullException.ThrowIfNull(training);
        Write(ensemble.Members, path, new(training, progress, cancellationToken), ensemble);
    }

    private static void Write(
        IReadOnlyList<CtClassifier> members, string path, TrainingImages? training = null, CtEnsemble? ensemble = null)
    {
        training?.Check(members.Count);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var kept = new List<IDisposable>();
        try
        {
            kept.AddRange(members.Select(member => member.Keep()));
            OnnxModel.Member[] networks =
            [
                .. members.Select((member, i) => new OnnxModel.Member(member.Backbone, Line(member.Calibration))
                {
                    CalibrationImages = training?.Batches(i, member),
                }),
            ];
            AtomicFile.Write(
                path,
                stream => OnnxModel.Write(
                    stream, networks, members[0].Model.Positive, MetadataOf(members, training, ensemble), Line(ensemble?.Calibration)));
        }
        finally
        {
            kept.ForEach(member => member.Dispose());
        }
    }

    private static (double Intercept, double Slope)? Line(NetworkCalibration? calibration) =>
        calibration is null ? null : (calibration.Intercept, calibration.Slope);

    private static Dictionary<string, string> MetadataOf(
        IReadOnlyList<CtClassifier> members, TrainingImages? training, CtEnsemble? ensemble)
    {
        var normalisation = members[0].Backbone.Spec.Normalisation;
        var metadata = new Dictionary<string, string>((ensemble?.Model ?? members[0].Model).ToMetadata(OnnxNames.Format))
        {
            [OnnxNames.Members] = members.Count.ToString(CultureInfo.InvariantCulture),
            [OnnxNames.Precision] = training is null ? OnnxNames.Float32 : OnnxNames.Int8,
            [OnnxNames.Maps] = JsonSerializer.Serialize<string[]>(["grad-cam", "grad-cam++", "layer-cam"]),
            [OnnxNames.Mean] = JsonSerializer.Serialize(normalisation.Mean),
            [OnnxNames.Deviation] = JsonSerializer.Serialize(normalisation.Deviation),
        };
        if (ensemble?.Calibration is { } own)
        {
            metadata[OnnxNames.OwnCalibration] = own.ToJson();
        }

        if (ensemble?.Sets is { } ownSets)
        {
            metadata[OnnxNames.OwnSets] = ownSets.ToJson();
        }

        foreach (var (i, member) in members.Index())
        {
            if (member.SourceFile is { } file && File.Exists(file))
            {
                metadata[OnnxNames.Source(i)] = FileHash.Sha256(file);
            }

            if (training is not null)
            {
                metadata[OnnxNames.Ranges(i)] = JsonSerializer.Serialize(training.Facts(i), JsonFiles.Options());
            }

            if (member.Calibration is { } calibration)
            {
                metadata[OnnxNames.Calibration(i)] = calibration.ToJson();
            }

            if (member.Sets is { } sets)
            {
                metadata[OnnxNames.Sets(i)] = sets.ToJson();
            }

            if (member.Reference is { } reference)
            {
                metadata[OnnxNames.ReferenceFacts(i)] = reference.Facts.ToJson();
                metadata[OnnxNames.ReferenceFeatures(i)] = Base64(reference.Features);
            }
        }

        return metadata;
    }

    private static string Base64(Tensor features)
    {
        using var scope = NewDisposeScope(); // Holds what is between, which could otherwise be collected while libtorch reads it.
        var plain = features.cpu().contiguous();
        return Convert.ToBase64String(MemoryMarshal.AsBytes<float>(plain.data<float>().ToArray()));
    }
}

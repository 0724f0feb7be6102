using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using CovidCt.Answers;
using CovidCt.Calibration;
using CovidCt.Networks;
using Microsoft.ML.OnnxRuntime;

namespace CovidCt.Onnx;

/// <summary>An ONNX file of trained networks, opened: what it says of itself, and ONNX Runtime's session.</summary>
internal sealed class OnnxFile : IDisposable
{
    /// <summary>The outputs of a file.</summary>
    public const string Logits = "logits", Features = "features", Maps = "maps";

    /// <summary>The inputs: the images, and whether maps are made.</summary>
    public const string Images = "images", Explain = "explain";

    // Of an input; beyond it, a number in the metadata would decide how much memory an answer takes.
    private const long MostPixels = 1 << 26;

    private OnnxFile(string path, InferenceSession session)
    {
        (Path, Session) = (path, session);
        var metadata = session.ModelMetadata.CustomMetadataMap;
        Model = ModelDescription.FromMetadata(metadata);
        var count = int.Parse(Entry(metadata, OnnxNames.Members), NumberStyles.None, CultureInfo.InvariantCulture);
        CheckShapes(count);
        FeatureWidth = session.OutputMetadata[Features].Dimensions[^1];
        if (FeatureWidth < 1 || (long)Model.Input.Width * Model.Input.Height > MostPixels)
        {
            throw new FormatException($"Its features are {FeatureWidth}, its input {Model.Input}.");
        }

        Input = new(
            Model.Input, new() { Fit = Model.Fit, Fill = Model.Fill },
            new(Numbers(metadata, OnnxNames.Mean), Numbers(metadata, OnnxNames.Deviation)));
        Members = [.. Enumerable.Range(0, count).Select(member => MemberOf(metadata, member, FeatureWidth))];
        Together = new(
            Fitted(metadata, OnnxNames.OwnCalibration, NetworkCalibration.FromJson),
            Fitted(metadata, OnnxNames.OwnSets, ConformalSets.FromJson),
            Reference: null);
    }

    /// <summary>Where it lies.</summary>
    public string Path { get; }

    /// <summary>ONNX Runtime's session, which many threads may use at once.</summary>
    public InferenceSession Session { get; }

    /// <summary>What the networks expect and answer.</summary>
    public ModelDescription Model { get; }

    /// <summary>Makes their input out of images.</summary>
    public NetworkInput Input { get; }

    /// <summary>How many features each network has.</summary>
    public int FeatureWidth { get; }

    /// <summary>The networks.</summary>
    public IReadOnlyList<Member> Members { get; }

    /// <summary>What goes with the mean of all networks.</summary>
    public Member Together { get; }

    /// <summary>What goes with one network.</summary>
    /// <param name="Calibration">How its probabilities become calibrated ones; null where nothing says it.</param>
    /// <param name="Sets">From which probabilities on classes are in a set; null where nothing says it.</param>
    /// <param name="Reference">The features of its training images; null where there are none.</param>
    internal sealed record Member(NetworkCalibration? Calibration, ConformalSets? Sets, TrainingRows? Reference);

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="threads">The threads of one answer; null is as many as ONNX Runtime takes.</param>
    /// <exception cref="WeightsException">It is missing, damaged, or not one of this library.</exception>
    public static OnnxFile Open(string path, int? threads)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        InferenceSession? session = null;
        try
        {
            // ONNX Runtime reads it by itself: from a copy in our memory it would make its own, and keep both.
            using var file = File.OpenRead(path);
            if (!OnnxSum.IsRight(file))
            {
                throw new InvalidDataException("it isn't what was exported, or was changed or cut since; export the network again.");
            }

            // That an input may be left out, as whether maps are made, is no reason to warn of it.
            using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };

            // Threads that spin between answers take the processor from whoever else runs on the machine; within one they are sooner there.
            options.AddSessionConfigEntry("session.force_spinning_stop", "1");

            // Without instructions for it, sums of products of 8 bits overflow in the quicker way; answers are to be the same everywhere.
            options.AddSessionConfigEntry("session.x64quantprecision", "1");
            if (threads is { } number)
            {
                options.IntraOpNumThreads = number;
            }

            session = new InferenceSession(path, options);
            return new OnnxFile(path, session);
        }
        catch (TypeInitializationException e) when (e.InnerException is DllNotFoundException or BadImageFormatException)
        {
            throw new WeightsException(
                $"{path} can't be read: ONNX Runtime is not beside the application. Add the package Microsoft.ML.OnnxRuntime to it.", e);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or OnnxRuntimeException
            or FormatException
            or OverflowException or JsonException or ArgumentException)
        {
            session?.Dispose();
            throw new WeightsException($"{path} can't be read as a trained network in ONNX: {Reason(e)}", e);
        }
    }

    /// <summary>What another's exception says, in a line that isn't as long as the metadata that it may repeat.</summary>
    public static string Reason(Exception exception)
    {
        const int longest = 300;
        var line = exception.Message.AsSpan();
        line = line[..(line.IndexOf('\n') is >= 0 and var end ? end : line.Length)].TrimEnd();
        return line.Length <= longest ? line.ToString() : $"{line[..longest]}…";
    }

    /// <inheritdoc/>
    public void Dispose() => Session.Dispose();

    private void CheckShapes(int count)
    {
        var places = count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"{count}×");
        var expected = (int[])(count == 1 ? [-1, Model.Classes.Count] : [-1, count, Model.Classes.Count]);
        if (count < 1 || !Session.OutputMetadata.TryGetValue(Logits, out var logits) || !logits.Dimensions.AsSpan().SequenceEqual(expected)
            || !Session.OutputMetadata.TryGetValue(Features, out var features) || features.Dimensions is not [_, .., _]
            || !Session.OutputMetadata.ContainsKey(Maps)
            || !Session.OverridableInitializerMetadata.ContainsKey(Explain)
            || Session.InputMetadata is not { Count: 1 } inputs || inputs.Single() is not { Key: Images, Value.Dimensions: [_, 3, _, _] })
        {
            throw new FormatException($"Its inputs and outputs are not those of {places}{Model.Classes.Count} classes.");
        }
    }

    private static Member MemberOf(Dictionary<string, string> metadata, int member, int width) =>
        new(
            Fitted(metadata, OnnxNames.Calibration(member), NetworkCalibration.FromJson),
            Fitted(metadata, OnnxNames.Sets(member), ConformalSets.FromJson),
            metadata.TryGetValue(OnnxNames.ReferenceFacts(member), out var facts)
                ? RowsOf(facts, Entry(metadata, OnnxNames.ReferenceFeatures(member)), width)
                : null);

    private static T? Fitted<T>(Dictionary<string, string> metadata, string name, Func<string, T> read)
        where T : class => metadata.TryGetValue(name, out var text) ? read(text) : null;

    private static TrainingRows RowsOf(string facts, string features, int width)
    {
        var taking = JsonSerializer.Deserialize(facts, OnnxJson.Default.Taking);
        var bytes = Convert.FromBase64String(features);
        var rows = bytes.Length / sizeof(float) / width;
        return taking is { Neighbours: > 0, Threshold: >= 0 } && taking.Neighbours <= rows && bytes.Length == rows * width * sizeof(float)
            ? new(taking, MemoryMarshal.Cast<byte, float>(bytes).ToArray(), width)
            : throw new FormatException("The features of its training images are damaged.");
    }

    private static float[] Numbers(Dictionary<string, string> metadata, string name) =>
        JsonSerializer.Deserialize(Entry(metadata, name), OnnxJson.Default.SingleArray) is { Length: 3 } numbers
            ? numbers
            : throw new FormatException($"Its {name} is not of three channels.");

    private static string Entry(Dictionary<string, string> metadata, string name) =>
        metadata.TryGetValue(name, out var text) ? text : throw new FormatException($"It doesn't say its {name}.");
}

using System.Globalization;
using System.Text.Json;
using CovidCt.Models;
using CovidCt.Models.Weights;
using CovidCt.Networks;
using CovidCt.Optimisation;
using CovidCt.Records;
using static TorchSharp.torch;

namespace CovidCt.Training;

/// <summary>
/// The state of a training after an epoch in one safetensors file: the network's entries under <c>network/</c>, the
/// optimiser's under <c>lamb/</c>, steps and history in the metadata. Written whole or not at all.
/// </summary>
internal static class TrainingCheckpoint
{
    private const string Network = "network/";
    private const string Lamb = "lamb/";
    private const string Format = "covidct-checkpoint-1";

    public static void Save(string path, IBackbone backbone, LambOptimizer optimizer, IReadOnlyList<EpochRecord> history)
    {
        using var scope = NewDisposeScope();
        Write(path, Entries(backbone, optimizer), optimizer.Steps, history);
    }

    /// <summary>What is saved of a network and its optimiser.</summary>
    public static IReadOnlyList<(string Name, Tensor Tensor)> Entries(IBackbone backbone, LambOptimizer optimizer) =>
    [
        .. backbone.Network.state_dict().Select(entry => (Network + entry.Key, entry.Value)),
        .. optimizer.State().Select(entry => (Lamb + entry.Name, entry.Tensor)),
    ];

    /// <summary>Writes entries, or copies of them.</summary>
    public static void Write(
        string path, IEnumerable<(string Name, Tensor Tensor)> entries, long steps, IReadOnlyList<EpochRecord> history) =>
        TensorFile.Write(path, entries, new Dictionary<string, string>
        {
            ["format"] = Format,
            ["steps"] = steps.ToString(CultureInfo.InvariantCulture),
            ["history"] = JsonSerializer.Serialize(history),
        });

    /// <exception cref="TrainingFailedException">The file can't be read, or isn't of this network and optimiser.</exception>
    public static IReadOnlyList<EpochRecord> Restore(string path, IBackbone backbone, LambOptimizer optimizer)
    {
        try
        {
            using var file = TensorFile.Open(path);
            if (file.Metadata.GetValueOrDefault("format") != Format)
            {
                throw new InvalidDataException("it is not a checkpoint of this version.");
            }

            var steps = long.Parse(file.Metadata["steps"], CultureInfo.InvariantCulture);
            var history = JsonSerializer.Deserialize<List<EpochRecord>>(file.Metadata["history"]) ?? throw new InvalidDataException(
                "its history is missing.");
            using var scope = NewDisposeScope();
            using var guard = no_grad();
            optimizer.LoadState(name => file.Read(Lamb + name), steps);
            foreach (var (name, target) in backbone.Network.state_dict())
            {
                var stored = file.Read(Network + name);
                if (!stored.shape.AsSpan().SequenceEqual(target.shape)) // copy_ would spread a smaller one.
                {
                    throw new InvalidDataException(
                        $"'{name}' is [{string.Join(", ", stored.shape)}], the network's is [{string.Join(", ", target.shape)}].");
                }

                target.copy_(stored);
            }

            return history;
        }
        catch (Exception e) when (e is WeightsException or InvalidDataException or KeyNotFoundException or JsonException or FormatException
            or OverflowException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new TrainingFailedException(
                $"The checkpoint {path} can't be gone on from. Delete it to start this fold afresh. What is wrong: {e.Message}", e);
        }
    }
}

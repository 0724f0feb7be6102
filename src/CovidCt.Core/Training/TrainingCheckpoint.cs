using System.Globalization;
using System.Security.Cryptography;
using System.Text;
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
/// <remarks>
/// Its sum is of what it says, and stands in the metadata: a list beside it would be of the one before where a process is killed between
/// the two.
/// </remarks>
internal static class TrainingCheckpoint
{
    private const string Network = "network/";
    private const string Lamb = "lamb/";
    private const string FormatKey = "format", StepsKey = "steps", HistoryKey = "history", SumKey = "sha256";
    private const string Format = "covidct-checkpoint-2";
    private const string WithoutSum = "covidct-checkpoint-1";

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
        string path, IReadOnlyList<(string Name, Tensor Tensor)> entries, long steps, IReadOnlyList<EpochRecord> history)
    {
        Dictionary<string, string> metadata = new()
        {
            [FormatKey] = Format,
            [StepsKey] = steps.ToString(CultureInfo.InvariantCulture),
            [HistoryKey] = JsonSerializer.Serialize(history),
        };
        var tensors = entries.ToDictionary(entry => entry.Name, entry => entry.Tensor);
        metadata[SumKey] = SumOf(tensors.Keys, name => tensors[name], metadata);
        TensorFile.Write(path, entries, metadata);
    }

    /// <exception cref="RunFolderException">
    /// The file can't be read, isn't what was written, or isn't of this network and optimiser.
    /// </exception>
    public static IReadOnlyList<EpochRecord> Restore(string path, IBackbone backbone, LambOptimizer optimizer)
    {
        try
        {
            using var file = TensorFile.Open(path);
            Check(file);
            var steps = long.Parse(file.Metadata[StepsKey], CultureInfo.InvariantCulture);
            var history = JsonSerializer.Deserialize<List<EpochRecord>>(file.Metadata[HistoryKey]) ?? throw new InvalidDataException(
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
            throw new RunFolderException(
                $"The checkpoint {path} can't be gone on from. Delete it to start this fold afresh. What is wrong: {e.Message}", e);
        }
    }

    /// <exception cref="InvalidDataException">It is not what was written.</exception>
    private static void Check(TensorFile file)
    {
        var (format, sum) = (file.Metadata.GetValueOrDefault(FormatKey), file.Metadata.GetValueOrDefault(SumKey));
        if ((format, sum) is (WithoutSum, null))
        {
            return; // What is older than sums is believed; its study says so.
        }

        if (format != Format)
        {
            throw new InvalidDataException("it is not a checkpoint of this version.");
        }

        if (sum != SumOf(file.Entries.Select(entry => entry.Name), file.Read, file.Metadata))
        {
            throw new InvalidDataException("it was changed or damaged since it was written: its SHA-256 is another.");
        }
    }

    /// <summary>The sum of all that a checkpoint says, in the order of names, tensor by tensor.</summary>
    private static string SumOf(IEnumerable<string> names, Func<string, Tensor> tensorOf, IReadOnlyDictionary<string, string> metadata)
    {
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append($"{metadata.GetValueOrDefault(StepsKey)}\n{metadata.GetValueOrDefault(HistoryKey)}\n");
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            using var scope = NewDisposeScope();
            var tensor = tensorOf(name);
            Append($"{name} {tensor.dtype} [{string.Join(", ", tensor.shape)}]\n");
            sum.AppendData(tensor.detach().cpu().contiguous().bytes);
        }

        return Convert.ToHexStringLower(sum.GetHashAndReset());

        void Append(string text) => sum.AppendData(Encoding.UTF8.GetBytes(text));
    }
}

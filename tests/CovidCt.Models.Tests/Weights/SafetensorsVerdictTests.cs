using CovidCt.Models.Weights;
using CovidCt.Networks;
using static TorchSharp.torch;

namespace CovidCt.Models.Tests.Weights;

/// <summary>What the format's own reference takes and refuses, file by file.</summary>
public sealed class SafetensorsVerdictTests : IDisposable
{
    private const string Twice = "the format's documentation says that duplicate keys are disallowed";
    private const string NoSuchType = "TorchSharp knows no such type, nor is it read as a wider one";
    private const string SerdesOwn = "a second spelling that the reference's JSON library has for its own enums and structs, which the format has not";
    private const string TooManyDimensions = "libtorch's tensors have at most 64 dimensions";
    private const string TooLarge = "it has no elements, but its other dimensions alone take more bytes than int64 counts, and so would its strides";

    /// <summary>What the reference accepts and is refused here, and why.</summary>
    private static readonly Dictionary<string, string> Stricter = new()
    {
        ["a name twice, the same entry"] = Twice,
        ["a name twice, the file fits the last"] = Twice,
        ["a name twice, once with an escape"] = Twice,
        ["a key of metadata twice"] = Twice,
        ["an entry more, twice"] = Twice,
        ["type F4"] = NoSuchType,
        ["type F6_E2M3"] = NoSuchType,
        ["type F6_E3M2"] = NoSuchType,
        ["type F8_E8M0"] = NoSuchType,
        ["type F8_E4M3FNUZ"] = NoSuchType,
        ["type F8_E5M2FNUZ"] = NoSuchType,
        ["type C64"] = NoSuchType,
        ["type as {\"F32\":null}"] = SerdesOwn,
        ["entry as [\"F32\",[1],[0,4]]"] = SerdesOwn,
        ["many dimensions"] = TooManyDimensions,
        ["many more dimensions"] = TooManyDimensions,
        [$"shape [{1L << 61},0]"] = TooLarge,
        [$"shape [{1L << 62},0]"] = TooLarge,
        [$"shape [{long.MaxValue},0]"] = TooLarge,
        [$"shape [{1UL << 63},0]"] = TooLarge,
        [$"shape [{ulong.MaxValue},0]"] = TooLarge,
        ["shape with a zero, then the wrap"] = TooLarge,
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Whatever_the_reference_refuses_is_refused()
    {
        var taken = WeightsFixtures.SafetensorsVerdicts
            .Where(file => !file.Accepted && Refusal(file) is null)
            .Select(file => $"{file.Name} (the reference: {file.Reason})")
            .ToList();

        Assert.True(taken.Count == 0, string.Join('\n', taken));
    }

    [Fact]
    public void Whatever_the_reference_accepts_is_read_save_for_what_is_named_here()
    {
        var refused = WeightsFixtures.SafetensorsVerdicts
            .Where(file => file.Accepted && !Stricter.ContainsKey(file.Name) && Refusal(file) is not null)
            .Select(file => $"{file.Name} ({Refusal(file)})")
            .ToList();

        Assert.True(refused.Count == 0, string.Join('\n', refused));
    }

    [Fact]
    public void What_is_named_here_is_refused() =>
        Assert.All(Stricter.Keys, name => Assert.NotNull(Refusal(WeightsFixtures.SafetensorsVerdicts.Single(file => file.Accepted && file.Name == name))));

    /// <summary>Why a file is refused, whether when it is opened or when a tensor is read; null where all of it is read.</summary>
    private string? Refusal(SafetensorsVerdict verdict)
    {
        var path = _folder.Write("case.safetensors", verdict.File);
        using var scope = NewDisposeScope();
        try
        {
            using var file = TensorFile.Open(path);
            foreach (var entry in file.Entries)
            {
                Assert.Equal(entry.Shape, file.Read(entry.Name).shape);
            }

            return null;
        }
        catch (WeightsException e)
        {
            Assert.StartsWith($"{path}: ", e.Message, StringComparison.Ordinal);
            return e.Message[path.Length..];
        }
    }
}

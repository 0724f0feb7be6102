using System.Text.Json;
using System.Text.Json.Serialization;

namespace CovidCt.Models.Tests.Weights;

/// <summary>A tensor of a PyTorch file: its type there, the type that it is read as, and the bytes of the latter.</summary>
internal sealed record ExpectedEntry(string Name, string Dtype, string ReadAs, long[] Shape, byte[] Bytes);

/// <summary>A PyTorch file, and what is in it.</summary>
internal sealed record ReadableFile(string File, string Holds, string Format, ExpectedEntry[] Entries);

/// <summary>A PyTorch file that must be refused, and what the message must name.</summary>
internal sealed record RefusedFile(string File, string Holds, string Names);

/// <summary>The PyTorch files of <c>tests/reference/make_pytorch_files.py</c>.</summary>
internal sealed record PyTorchFiles(string Marker, ReadableFile[] Read, RefusedFile[] Refused);

/// <summary>A file of <c>tests/reference/make_safetensors_verdicts.py</c>, and what the format's reference says of it.</summary>
internal sealed record SafetensorsVerdict(string Name, string Verdict, string? Reason, byte[] File)
{
    [JsonIgnore]
    public bool Accepted => Verdict == "accept";
}

/// <summary>The files that the reference implementations' scripts wrote.</summary>
internal static class WeightsFixtures
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, PropertyNameCaseInsensitive = true };

    public static PyTorchFiles PyTorchFiles { get; } = Parse<PyTorchFiles>("pytorch-files.json");

    public static IReadOnlyList<SafetensorsVerdict> SafetensorsVerdicts { get; } = Parse<SafetensorsVerdict[]>("safetensors-verdicts.json");

    /// <summary>The bytes of a file beside the tests.</summary>
    public static byte[] Bytes(string name)
    {
        using var stream = Open(name);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static T Parse<T>(string name)
    {
        using var stream = Open(name);
        return JsonSerializer.Deserialize<T>(stream, Json)!;
    }

    private static Stream Open(string name) =>
        typeof(WeightsFixtures).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The fixture {name} is missing.");
}

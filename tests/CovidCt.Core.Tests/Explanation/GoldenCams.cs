using System.Text.Json;
using System.Text.Json.Serialization;
using CovidCt.Maps;

namespace CovidCt.Core.Tests.Explanation;

/// <summary>What <c>tests/reference/cams.py</c> answers about a batch.</summary>
internal sealed record ReferenceCam(
    [property: JsonPropertyName("layer")] string Layer,
    [property: JsonPropertyName("classes")] int[] Classes,
    [property: JsonPropertyName("scores")] double[] Scores,
    [property: JsonPropertyName("width")] int Width,
    [property: JsonPropertyName("height")] int Height,
    [property: JsonPropertyName("maps")] Dictionary<CamMethod, double[]> Maps)
{
    /// <summary>Compares maps with the reference's; off by at most this share of each map's largest magnitude.</summary>
    public double Compare(CamMethod method, IReadOnlyList<ClassActivationMap> maps, double tolerance)
    {
        Assert.Equal(Classes, maps.Select(map => map.Class));
        var size = Width * Height;
        var worst = 0.0;
        for (var i = 0; i < maps.Count; i++)
        {
            Assert.Equal((Width, Height), (maps[i].Width, maps[i].Height));
            Assert.Equal(Scores[i], maps[i].Score, 1e-4 * (1 + Math.Abs(Scores[i])));
            var expected = Maps[method].AsSpan(i * size, size).ToArray();
            var most = expected.Max(Math.Abs);
            Assert.True(most > 0, "the reference's map is all zero, which proves nothing");
            worst = Math.Max(worst, expected.Zip(maps[i].Raw).Max(pair => Math.Abs(pair.First - pair.Second)) / most);
        }

        Assert.True(worst <= tolerance, $"{method} at {Layer} is off by {worst:E1} of its maximum");
        return worst;
    }
}

/// <summary>A map brought to the pixels of an original.</summary>
internal sealed record ReferenceResize(
    [property: JsonPropertyName("geometry")] int[] Geometry, [property: JsonPropertyName("values")] float[] Values);

/// <summary>ROAD's imputation of the plane that <see cref="GoldenCams.Uniform"/> makes of "plane", where "removed" is below the share.</summary>
internal sealed record ReferenceImputation(
    [property: JsonPropertyName("width")] int Width,
    [property: JsonPropertyName("height")] int Height,
    [property: JsonPropertyName("share")] double Share,
    [property: JsonPropertyName("values")] double[] Values);

/// <summary>How similar "one" is to eighths of its mean with "other".</summary>
internal sealed record ReferenceSimilarity(
    [property: JsonPropertyName("width")] int Width,
    [property: JsonPropertyName("height")] int Height,
    [property: JsonPropertyName("spearman")] double Spearman,
    [property: JsonPropertyName("ssim")] double Ssim);

/// <summary>The golden file.</summary>
internal sealed record GoldenCams(
    [property: JsonPropertyName("networks")] Dictionary<string, ReferenceCam[]> Networks,
    [property: JsonPropertyName("resized")] ReferenceResize[] Resized,
    [property: JsonPropertyName("imputed")] ReferenceImputation[] Imputed,
    [property: JsonPropertyName("similar")] ReferenceSimilarity[] Similar)
{
    public static GoldenCams Read() =>
        JsonSerializer.Deserialize<GoldenCams>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Explanation", "Fixtures", "cam-golden.json")))!;

    /// <summary>Values in [0, 1) by the rule of <c>make_golden_logits.uniform</c>.</summary>
    public static float[] Uniform(string key, int count)
    {
        var seed = key.Aggregate(2166136261u, (hash, letter) => unchecked((hash ^ letter) * 16777619u));
        return [.. Enumerable.Range(0, count).Select(i => unchecked((float)(Mix(seed + ((uint)i * 2654435761u)) / 4294967296.0)))];

        static uint Mix(uint x)
        {
            x = unchecked((x ^ (x >> 16)) * 0x85ebca6b);
            x = unchecked((x ^ (x >> 13)) * 0xc2b2ae35);
            return x ^ (x >> 16);
        }
    }
}

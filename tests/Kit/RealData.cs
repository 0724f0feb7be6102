namespace CovidCt.Tests;

/// <summary>Where the real data lie that long tests read; they are no part of the repository.</summary>
internal static class RealData
{
    /// <summary>A folder below the one that <c>COVIDCT_DATA</c> names; skips the test where that is not set.</summary>
    public static string Folder(string name)
    {
        var root = Environment.GetEnvironmentVariable("COVIDCT_DATA");
        Assert.SkipWhen(string.IsNullOrEmpty(root), "COVIDCT_DATA is not set");
        return Path.Combine(root!, name);
    }

    /// <summary>The published SqueezeNet 1.1 in the folder that <c>COVIDCT_WEIGHTS</c> names; skips the test where that is not set.</summary>
    public static string SqueezeNetWeights()
    {
        var root = Environment.GetEnvironmentVariable("COVIDCT_WEIGHTS");
        Assert.SkipWhen(string.IsNullOrEmpty(root), "COVIDCT_WEIGHTS is not set");
        return Path.Combine(root!, "squeezenet1_1-imagenet.safetensors");
    }
}

using System.Globalization;

namespace CovidCt;

/// <summary>What ONNX files of trained networks call their parts: who writes them and who reads them.</summary>
internal static class OnnxNames
{
    /// <summary>What the names of files end in.</summary>
    public const string Ending = ".onnx";

    /// <summary>What a file's metadata say that it is.</summary>
    public const string Format = "covidct-onnx-1";

    /// <summary>The number of networks.</summary>
    public const string Members = "members";

    /// <summary>What the weights are kept as.</summary>
    public const string Precision = "precision";

    /// <summary>The kinds of <see cref="Precision"/>, the latter up to the last feature map.</summary>
    public const string Float32 = "float32", Int8 = "int8";

    /// <summary>The methods of the maps, in their order.</summary>
    public const string Maps = "maps";

    /// <summary>Means and deviations of the input's channels on values in [0, 1].</summary>
    public const string Mean = "mean", Deviation = "deviation";

    /// <summary>How the means of several networks' probabilities are calibrated, and from which means on classes are in a set.</summary>
    public const string OwnCalibration = "calibration", OwnSets = "sets";

    /// <summary>Whether a path is an ONNX file's, going by its name.</summary>
    public static bool IsOnnx(string path) => path.EndsWith(Ending, StringComparison.OrdinalIgnoreCase);

    /// <summary>The hash of the file that a network was read from.</summary>
    public static string Source(int member) => Of(member, "sha256");

    /// <summary>How a network's probabilities are calibrated.</summary>
    public static string Calibration(int member) => Of(member, "calibration");

    /// <summary>From which probabilities on its classes are in a set.</summary>
    public static string Sets(int member) => Of(member, "sets");

    /// <summary>How the features of its training images were taken.</summary>
    public static string ReferenceFacts(int member) => Of(member, "reference");

    /// <summary>These features: float32, little-endian, row by row, each row of length 1, in base 64.</summary>
    public static string ReferenceFeatures(int member) => Of(member, "reference-features");

    /// <summary>How the ranges of a network's 8-bit numbers were found.</summary>
    public static string Ranges(int member) => Of(member, "ranges");

    private static string Of(int member, string part) => string.Create(CultureInfo.InvariantCulture, $"member-{member}/{part}");
}

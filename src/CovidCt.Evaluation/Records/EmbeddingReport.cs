using System.Globalization;
using System.Text.Json.Serialization;
using CovidCt.Data;

namespace CovidCt.Records;

/// <summary>
/// Features of a run's images laid out in the plane: <c>embedding.csv</c>, and <c>embedding.json</c>, how that was made and how good it
/// is. What an older version left no word of is null.
/// </summary>
public sealed record EmbeddingReport
{
    private const string PathColumn = "path", LabelColumn = "label", PartColumn = "part", XColumn = "x", YColumn = "y";
    private const string Test = "test", Train = "train";

    /// <summary>The images, in the order of the file.</summary>
    [JsonIgnore]
    public IReadOnlyList<Point> Points { get; init; } = [];

    /// <summary>How the repulsion between points was computed: <c>exact</c> or <c>interpolation</c>.</summary>
    public string? Method { get; init; }

    /// <summary>The perplexity of t-SNE, above 0.</summary>
    public double? Perplexity { get; init; }

    /// <summary>The iterations, those with exaggeration too.</summary>
    public int? Iterations { get; init; }

    /// <summary>Where the points began: <c>pca</c> or <c>random</c>.</summary>
    public string? Initialisation { get; init; }

    /// <summary>The seed of what was drawn.</summary>
    public long? Seed { get; init; }

    /// <summary>The Kullback-Leibler divergence that was minimised, in nats.</summary>
    public double? KlDivergence { get; init; }

    /// <summary>In [0, 1]; 1 where no neighbour in the plane is a stranger among the features.</summary>
    public double? Trustworthiness { get; init; }

    /// <summary>The share, in [0, 1], of the nearest neighbours among the features that are nearest in the plane too.</summary>
    public double? NeighbourRecall { get; init; }

    /// <summary>The number of neighbours that the last two look at.</summary>
    public int? Neighbours { get; init; }

    /// <summary>An image's place.</summary>
    /// <param name="Path">The image, relative to the data set's root.</param>
    /// <param name="Label">The name of its actual class.</param>
    /// <param name="IsTest">Whether the run tested on it; else it trained on it.</param>
    /// <param name="X">Finite, in the embedding's own unit.</param>
    /// <param name="Y">Finite, in the embedding's own unit.</param>
    public sealed record Point(string Path, string Label, bool IsTest, double X, double Y);

    /// <summary>Reads both files of a run; without <c>embedding.json</c> only the points are known.</summary>
    /// <param name="run">The run.</param>
    /// <exception cref="InvalidDataException">A file is no such file, or damaged.</exception>
    /// <exception cref="RunFolderException">A file is not what was written.</exception>
    /// <exception cref="IOException">A file can't be read.</exception>
    public static EmbeddingReport Read(RunLayout run)
    {
        ArgumentNullException.ThrowIfNull(run);
        run.Sums.Check(run.EmbeddingPoints);
        run.Sums.Check(run.EmbeddingFacts);
        try
        {
            var points = ReadPoints(run.EmbeddingPoints);
            return points.Count > 0
                ? ReadFacts(run.EmbeddingFacts) with { Points = points }
                : throw new FormatException("it has no points");
        }
        catch (Exception e) when (e is UnusableDataException or FormatException)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    /// <summary>Writes both files, <c>embedding.json</c> last; each is whole or not there.</summary>
    /// <param name="run">The run.</param>
    /// <exception cref="IOException">A file can't be written.</exception>
    public void Write(RunLayout run)
    {
        ArgumentNullException.ThrowIfNull(run);
        run.Sums.Write(
            () =>
            {
                Csv.Write(
                    run.EmbeddingPoints,
                    [PathColumn, LabelColumn, PartColumn, XColumn, YColumn],
                    Points.Select(point =>
                        (string[])[point.Path, point.Label, point.IsTest ? Test : Train, Number(point.X), Number(point.Y)]));
                JsonFiles.Write(run.EmbeddingFacts, this, RecordsJson.Files.EmbeddingReport);
            },
            run.EmbeddingPoints,
            run.EmbeddingFacts);

        static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
    }

    private static EmbeddingReport ReadFacts(string path) => File.Exists(path)
        ? JsonFiles.Read(path, RecordsJson.Files.EmbeddingReport, "holds no facts of an embedding")
        : new();

    private static List<Point> ReadPoints(string path)
    {
        var table = CsvTable.Read(path);
        var (image, label, part, x, y) = (
            table.Require(PathColumn), table.Require(LabelColumn), table.Require(PartColumn), table.Require(XColumn),
            table.Require(YColumn));
        return
        [
            .. table.Rows.Select(row => new Point(
                CsvTable.Field(row.Fields, image),
                CsvTable.Field(row.Fields, label),
                CsvTable.Field(row.Fields, part) switch
                {
                    Test => true,
                    Train => false,
                    var other => throw new FormatException($"line {row.Line}: the part '{other}' is neither train nor test"),
                },
                Coordinate(CsvTable.Field(row.Fields, x), row.Line),
                Coordinate(CsvTable.Field(row.Fields, y), row.Line))),
        ];
    }

    private static double Coordinate(string text, int line) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw new FormatException(FormattableString.Invariant($"line {line}: the coordinate '{text}' is no number"));
}

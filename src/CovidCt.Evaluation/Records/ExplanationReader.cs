using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CovidCt.Data;
using CovidCt.Maps;
using SkiaSharp;

namespace CovidCt.Records;

/// <summary>Reads what explanations left in a run folder. All of it is optional: what is damaged is left out, with a note.</summary>
internal static class ExplanationReader
{
    private const int MostPixels = 4096;

    public static EmbeddingReport? ReadEmbedding(RunLayout run, List<string> notes)
    {
        var file = run.EmbeddingPoints;
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            var table = CsvTable.Read(file);
            var (path, label, part, x, y) = (
                table.Require("path"), table.Require("label"), table.Require("part"), table.Require("x"), table.Require("y"));
            EmbeddedImage[] points =
            [
                .. table.Rows.Select(row => new EmbeddedImage(
                    CsvTable.Field(row.Fields, path),
                    CsvTable.Field(row.Fields, label),
                    CsvTable.Field(row.Fields, part) switch
                    {
                        "test" => true,
                        "train" => false,
                        var other => throw new FormatException($"line {row.Line}: the part '{other}' is neither train nor test"),
                    },
                    Coordinate(CsvTable.Field(row.Fields, x), row.Line),
                    Coordinate(CsvTable.Field(row.Fields, y), row.Line))),
            ];
            return points.Length > 0 ? new(points, ReadFacts(run.EmbeddingFacts)) : throw new FormatException("it has no points");
        }
        catch (Exception e) when (e is UnusableDataException or FormatException or JsonException or IOException)
        {
            notes.Add($"The embedding {file} is left out: {e.Message.TrimEnd('.')}.");
            return null;
        }
    }

    public static IReadOnlyList<MapReport> ReadMaps(RunLayout run, List<string> notes)
    {
        var file = run.MapList;
        if (!File.Exists(file))
        {
            return [];
        }

        JsonArray entries;
        try
        {
            entries = JsonNode.Parse(File.ReadAllText(file)) as JsonArray ?? throw new JsonException("it is no list");
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            notes.Add($"The maps of {file} are left out: {e.Message.TrimEnd('.')}.");
            return [];
        }

        List<MapReport> images = [];
        List<string> faults = [];
        foreach (var (entry, place) in entries.Select((entry, place) => (entry, place)))
        {
            try
            {
                images.Add(ReadMap(run.Maps, entry));
            }
            catch (Exception e) when (e is FormatException or InvalidOperationException or IOException)
            {
                faults.Add($"entry {place.ToString(CultureInfo.InvariantCulture)}: {e.Message.TrimEnd('.')}");
            }
        }

        if (faults.Count > 0)
        {
            notes.Add(FormattableString.Invariant($"{faults.Count} of {entries.Count} maps of {file} are left out: {faults[0]}{(faults.Count > 1 ? ", and more" : "")}."));
        }

        return images;
    }

    public static RunMapAudit? ReadMapAudit(RunLayout run, List<string> notes)
    {
        var file = run.MapAudit;
        try
        {
            return File.Exists(file) ? RunMapAudit.Read(file) : null;
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            notes.Add($"An audit is left out: {e.Message.TrimEnd('.')}.");
            return null;
        }
    }

    private static MapReport ReadMap(string folder, JsonNode? entry)
    {
        return new(
            Text("path"),
            Text("label"),
            Text("predicted"),
            Number("probability"),
            Text("explainedClass"),
            Method(Text("method")),
            Picture("original"),
            Picture("overlay"));

        JsonNode Field(string name) => (entry as JsonObject)?[name] ?? throw new FormatException($"it has no '{name}'");

        string Text(string name) => Field(name).GetValue<string>();

        double Number(string name) => Field(name).GetValue<double>();

        string Picture(string name)
        {
            var given = Text(name);
            var file = Path.Combine(folder, given);
            if (given.Length == 0 || given != Path.GetFileName(given) || !File.Exists(file))
            {
                throw new FormatException($"the picture '{given}' is not beside maps.json");
            }

            using var codec = SKCodec.Create(file);
            return codec is { EncodedFormat: SKEncodedImageFormat.Png, Info: { Width: <= MostPixels, Height: <= MostPixels } }
                ? file
                : throw new FormatException(
                    FormattableString.Invariant($"'{given}' is no PNG file of at most {MostPixels}×{MostPixels} pixels"));
        }
    }

    private static string Method(string name) => Enum.TryParse<CamMethod>(name, ignoreCase: true, out var method) ? method.Name() : name;

    private static JsonObject ReadFacts(string file) =>
        File.Exists(file)
            ? JsonNode.Parse(File.ReadAllText(file)) as JsonObject ?? throw new FormatException($"{file} holds no facts")
            : [];

    private static double Coordinate(string text, int line) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw new FormatException(FormattableString.Invariant($"line {line}: the coordinate '{text}' is no number"));
}

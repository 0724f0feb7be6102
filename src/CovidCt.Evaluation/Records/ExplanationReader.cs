using System.Globalization;
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
            return points.Length > 0 ? new(points, File.Exists(run.EmbeddingFacts) ? EmbeddingFacts.Read(run.EmbeddingFacts) : null) : throw new FormatException("it has no points");
        }
        catch (Exception e) when (e is UnusableDataException or FormatException or InvalidDataException or IOException)
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

        IReadOnlyList<MapEntry> entries;
        try
        {
            entries = MapEntry.Read(file);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            notes.Add($"The maps are left out: {e.Message.TrimEnd('.')}.");
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
            catch (Exception e) when (e is FormatException or IOException)
            {
                faults.Add($"entry {place.ToString(CultureInfo.InvariantCulture)}: {e.Message.TrimEnd('.')}");
            }
        }

        if (faults.Count > 0)
        {
            notes.Add(FormattableString.Invariant(
                $"{faults.Count} of {entries.Count} maps of {file} are left out: {faults[0]}{(faults.Count > 1 ? ", and more" : "")}."));
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

    private static MapReport ReadMap(string folder, MapEntry entry) => new(
        entry.Path, entry.Label, entry.Predicted, entry.Probability, entry.ExplainedClass, entry.Method.Name(), Picture(folder, entry.Original), Picture(folder, entry.Overlay));

    private static string Picture(string folder, string name)
    {
        var file = Path.Combine(folder, name);
        if (name.Length == 0 || name != Path.GetFileName(name) || !File.Exists(file))
        {
            throw new FormatException($"the picture '{name}' is not beside maps.json");
        }

        using var codec = SKCodec.Create(file);
        return codec is { EncodedFormat: SKEncodedImageFormat.Png, Info: { Width: <= MostPixels, Height: <= MostPixels } }
            ? file
            : throw new FormatException(FormattableString.Invariant($"'{name}' is no PNG file of at most {MostPixels}×{MostPixels} pixels"));
    }

    private static double Coordinate(string text, int line) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw new FormatException(FormattableString.Invariant($"line {line}: the coordinate '{text}' is no number"));
}

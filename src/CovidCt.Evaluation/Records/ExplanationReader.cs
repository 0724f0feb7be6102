using System.Globalization;
using SkiaSharp;

namespace CovidCt.Records;

/// <summary>Reads what explanations left in a run folder. All of it is optional: what is damaged is left out, with a note.</summary>
internal static class ExplanationReader
{
    private const int MostPixels = 4096;

    public static EmbeddingReport? ReadEmbedding(RunLayout run, List<string> notes)
    {
        try
        {
            return File.Exists(run.EmbeddingPoints) ? EmbeddingReport.Read(run) : null;
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            notes.Add($"The embedding {run.EmbeddingPoints} is left out: {e.Message.TrimEnd('.')}.");
            return null;
        }
    }

    public static IReadOnlyList<MapEntry> ReadMaps(RunLayout run, List<string> notes)
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

        List<MapEntry> images = [];
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

    private static MapEntry ReadMap(string folder, MapEntry entry)
    {
        Check(folder, entry.Original);
        Check(folder, entry.Overlay);
        return entry with { Folder = folder };
    }

    private static void Check(string folder, string picture)
    {
        var file = Path.Combine(folder, picture);
        if (picture.Length == 0 || picture != Path.GetFileName(picture) || !File.Exists(file))
        {
            throw new FormatException($"the picture '{picture}' is not beside maps.json");
        }

        using var codec = SKCodec.Create(file);
        if (codec is not { EncodedFormat: SKEncodedImageFormat.Png, Info: { Width: <= MostPixels, Height: <= MostPixels } })
        {
            throw new FormatException(
                FormattableString.Invariant($"'{picture}' is no PNG file of at most {MostPixels}×{MostPixels} pixels"));
        }
    }
}

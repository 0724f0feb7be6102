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
            run.Sums.Check(run.EmbeddingPoints);
            return File.Exists(run.EmbeddingPoints) ? EmbeddingReport.Read(run) : null;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or RunFolderException)
        {
            notes.Add($"The embedding {run.EmbeddingPoints} is left out: {e.Message.TrimEnd('.')}.");
            return null;
        }
    }

    public static IReadOnlyList<MapEntry> ReadMaps(RunLayout run, List<string> notes)
    {
        var (file, sums) = (run.MapList, run.Sums);
        IReadOnlyList<MapEntry> entries;
        try
        {
            sums.Check(file);
            if (!File.Exists(file))
            {
                return [];
            }

            entries = MapEntry.Read(file);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or RunFolderException)
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
                images.Add(ReadMap(run.Maps, entry, sums));
            }
            catch (Exception e) when (e is FormatException or IOException or RunFolderException)
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
            run.Sums.Check(file);
            return File.Exists(file) ? RunMapAudit.Read(file) : null;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or RunFolderException)
        {
            notes.Add($"An audit is left out: {e.Message.TrimEnd('.')}.");
            return null;
        }
    }

    private static MapEntry ReadMap(string folder, MapEntry entry, StudyLayout.FileSums sums)
    {
        Check(folder, entry.Original, sums);
        Check(folder, entry.Overlay, sums);
        return entry with { Folder = folder };
    }

    private static void Check(string folder, string picture, StudyLayout.FileSums sums)
    {
        var file = Path.Combine(folder, picture);
        if (picture.Length == 0 || picture != Path.GetFileName(picture) || !File.Exists(file))
        {
            throw new FormatException($"the picture '{picture}' is not beside maps.json");
        }

        sums.Check(file);
        SkiaNativePart.Require();
        using var codec = SKCodec.Create(file);
        if (codec is not { EncodedFormat: SKEncodedImageFormat.Png, Info: { Width: <= MostPixels, Height: <= MostPixels } })
        {
            throw new FormatException(
                FormattableString.Invariant($"'{picture}' is no PNG file of at most {MostPixels}×{MostPixels} pixels"));
        }

        using var pixels = sums.IsThere ? null : SKBitmap.Decode(file); // What is listed was decoded when it was made.
        if (pixels is null && !sums.IsThere)
        {
            throw new FormatException($"'{picture}' can't be decoded");
        }
    }
}

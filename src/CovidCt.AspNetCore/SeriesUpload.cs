using System.IO.Compression;
using System.Runtime.InteropServices;
using CovidCt.Answers;
using CovidCt.Dicom;
using CovidCt.Imaging;
using Microsoft.AspNetCore.Http;

namespace CovidCt.AspNetCore;

/// <summary>A zipped series: unpacked in memory alone, so that nothing of a patient is ever on a disk.</summary>
internal static class SeriesUpload
{
    private const int MostFiles = 10_000;

    /// <summary>The rule that a request asks for.</summary>
    /// <exception cref="UploadException">There is none of the kind.</exception>
    public static SeriesRule RuleOf(HttpRequest request)
    {
        string? text = request.Query["rule"];
        return text is null ? SeriesRule.Mean : SeriesRule.Parse(text) ?? throw new UploadException(
            StatusCodes.Status400BadRequest, "The parameter rule is wrong: give mean, top:N or share:P.");
    }

    /// <summary>Answers about each series of an archive.</summary>
    /// <exception cref="UploadException">It is no archive, or too large.</exception>
    /// <exception cref="ImageRejectedException">There is no series in it.</exception>
    public static SeriesAnswers Answer(
        ICtClassifier classifier, ReadOnlyMemory<byte> archive, SeriesRule rule, CovidCtServiceOptions options, CancellationToken token)
    {
        Dictionary<string, int> rejected = new(StringComparer.Ordinal);
        var folder = DicomFolder.FromMemory(Files(archive, options, rejected, token), cancellationToken: token);
        foreach (var (_, reason) in folder.Rejected)
        {
            Count(rejected, reason);
        }

        return folder.Series.Count == 0
            ? throw new ImageRejectedException(
                $"The archive has no CT series of DICOM{(rejected.Count > 0 ? $"; of a file in it: {rejected.Keys.First()}" : ".")}")
            : new(
                [.. folder.Series.Select(series => About(classifier, series, rule, token))], rejected, classifier.Model.Network,
                AspNetCore.Answer.NotADevice);
    }

    private static SeriesAnswer About(ICtClassifier classifier, DicomSeries series, SeriesRule rule, CancellationToken token)
    {
        var positive = classifier.Model.Classes[classifier.Model.Positive];
        try
        {
            var answer = classifier.Classify(series, new() { Rule = rule }, cancellationToken: token);
            return new(
                series.Name, answer.Label, answer.Positive, answer.Score, rule.ToString(), rule.Cut,
                [.. answer.Slices.Select(SeriesSlice.Of)], series.Findings, null);
        }
        catch (ImageRejectedException e)
        {
            return new(series.Name, null, positive, null, rule.ToString(), rule.Cut, [], series.Findings, e.Message);
        }
    }

    private static List<ReadOnlyMemory<byte>> Files(
        ReadOnlyMemory<byte> archive, CovidCtServiceOptions options, Dictionary<string, int> rejected, CancellationToken token)
    {
        try
        {
            _ = MemoryMarshal.TryGetArray(archive, out var bytes);
            using var zip = new ZipArchive(new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false));
            if (zip.Entries.Count > MostFiles)
            {
                throw TooMuch(FormattableString.Invariant($"{zip.Entries.Count} files; at most {MostFiles} are taken"));
            }

            var (files, left) = (new List<ReadOnlyMemory<byte>>(), (long)options.MaxSeriesBytes);
            foreach (var entry in zip.Entries.Where(entry => entry.Length > 0))
            {
                token.ThrowIfCancellationRequested();
                var file = Content(entry, ref left, options.MaxSeriesBytes);
                try
                {
                    if (DicomFile.IsDicom(file))
                    {
                        UploadDecoder.Check(file, options.MaxPixels);
                        files.Add(file);
                    }
                }
                catch (ImageRejectedException e)
                {
                    Count(rejected, e.Message);
                }
            }

            return files;
        }
        catch (InvalidDataException)
        {
            throw new UploadException(StatusCodes.Status422UnprocessableEntity, "The file is no ZIP archive, damaged or cut off.");
        }
    }

    // What an archive says of a file's length may be a lie: no more is inflated than may be.
    private static byte[] Content(ZipArchiveEntry entry, ref long left, int most)
    {
        if (entry.Length > left)
        {
            throw TooMuch(FormattableString.Invariant($"files of more than {most} bytes together"));
        }

        using var content = entry.Open();
        var file = new byte[entry.Length];
        var read = content.ReadAtLeast(file, file.Length, throwOnEndOfStream: false);
        left -= read;
        return read == file.Length && content.ReadByte() < 0
            ? file
            : throw new InvalidDataException("A file has another length than its archive says.");
    }

    private static UploadException TooMuch(string what) =>
        new(StatusCodes.Status413PayloadTooLarge, $"The archive has {what}: send one series.");

    private static void Count(Dictionary<string, int> reasons, string reason) =>
        reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
}

using System.Security.Cryptography;
using System.Text;
using CovidCt.Imaging;

namespace CovidCt.Dicom;

/// <summary>The CT series of a folder.</summary>
/// <param name="Series">The series that have slices, by their Series Instance UID.</param>
/// <param name="Rejected">
/// DICOM files that are no CT image, can't be read, or are localizers of a series without slices, and why. Files that aren't DICOM are
/// passed over.
/// </param>
public sealed record DicomFolder(IReadOnlyList<DicomSeries> Series, IReadOnlyList<(string Path, string Reason)> Rejected)
{
    /// <summary>
    /// Reads what all files in a folder and below say of themselves. Pixels are not read, so that damage in them shows when they are.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <param name="options">What is kept of a patient's identity; null takes the defaults.</param>
    /// <param name="cancellationToken">Ends it between two files.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="OperationCanceledException">It was asked to end.</exception>
    /// <exception cref="ArgumentException">An option is missing.</exception>
    public static DicomFolder Read(string path, DicomSeriesOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        var files = Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
        return Of(files, options, cancellationToken);
    }

    /// <summary>
    /// Reads what files say of themselves that are in memory, such as those of an archive. Their slices have numbers in the place of paths,
    /// from 1, and hold the content.
    /// </summary>
    /// <param name="files">The whole content of each; it must not change as long as the series are used.</param>
    /// <param name="options">What is kept of a patient's identity; null takes the defaults.</param>
    /// <param name="cancellationToken">Ends it between two files.</param>
    /// <exception cref="OperationCanceledException">It was asked to end.</exception>
    /// <exception cref="ArgumentException">An option is missing.</exception>
    public static DicomFolder FromMemory(
        IEnumerable<ReadOnlyMemory<byte>> files, DicomSeriesOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        return Of(
            files.Select((content, i) => (Fault.Text($"{i + 1}"), (ReadOnlyMemory<byte>?)content)), options, cancellationToken);
    }

    /// <summary>Reads what files say of themselves, in this order.</summary>
    internal static DicomFolder Of(IEnumerable<string> files, DicomSeriesOptions? options, CancellationToken cancellationToken) =>
        Of(files.Select(file => (file, (ReadOnlyMemory<byte>?)null)), options, cancellationToken);

    private static DicomFolder Of(
        IEnumerable<(string Path, ReadOnlyMemory<byte>? Content)> files, DicomSeriesOptions? options, CancellationToken cancellationToken)
    {
        options ??= new();
        OptionsValidation.ThrowIfInvalid(options);
        Dictionary<string, (string? Patient, string? Source, List<DicomSlice> Slices)> series = new(StringComparer.Ordinal);
        List<(string, string)> rejected = [];
        foreach (var (file, content) in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                var head = content is not { } whole ? DicomFile.OpenHead(file)
                    : DicomFile.IsDicom(whole.Span) ? DicomFile.Parse(whole)
                    : null;
                if (head is not null)
                {
                    Add(series, file, head, content);
                }
            }
            catch (ImageRejectedException e)
            {
                rejected.Add((file, e.Message));
            }
        }

        var overviews = series.Where(entry => entry.Value.Slices.All(slice => slice.IsLocalizer)).ToList();
        rejected.AddRange(overviews.SelectMany(entry => entry.Value.Slices).Select(slice => slice.Path).Distinct()
            .Select(file => (file, "The file is a localizer, and its series has no slices.")));
        var salt = Encoding.UTF8.GetBytes(options.Salt ?? string.Join('\n', series.Keys.Order(StringComparer.Ordinal)));
        return new(
            [.. series.Except(overviews).OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => new DicomSeries(
                entry.Key, options.KeepPatientIds ? entry.Value.Patient : Hashed(entry.Value.Patient, salt), entry.Value.Source,
                entry.Value.Slices, options.Codecs))],
            rejected);
    }

    private static void Add(
        Dictionary<string, (string? Patient, string? Source, List<DicomSlice> Slices)> series, string path, DicomFile file,
        ReadOnlyMemory<byte>? content)
    {
        var data = file.Data;
        if (data.First(Tags.Modality) != "CT" || data.Find(Tags.PixelData) is null)
        {
            throw new ImageRejectedException("The file is no CT image.");
        }

        var uid = data.First(Tags.SeriesInstanceUid) ?? throw Fault.Missing(Tags.SeriesInstanceUid, "the file belongs to no series");
        if (file.FrameCount > 1 && data.Items(Tags.PerFrameFunctionalGroups).Count == 0 && data.Find(Tags.ImagePosition) is not null)
        {
            throw Fault.Of(Tags.NumberOfFrames, data.Find(Tags.NumberOfFrames)!.Offset, "is of several frames that have one position");
        }

        var slices = new List<DicomSlice>();
        for (var frame = 0; frame < file.FrameCount; frame++)
        {
            slices.Add(DicomSlice.Of(path, file, frame) with { Content = content });
        }

        if (!series.TryGetValue(uid, out var found))
        {
            found = (data.Text(Tags.PatientId), SourceOf(data), []);
            series.Add(uid, found);
        }

        found.Slices.AddRange(slices);
    }

    private static string? Hashed(string? id, byte[] salt) =>
        id is null ? null : Convert.ToHexStringLower(HMACSHA256.HashData(salt, Encoding.UTF8.GetBytes(id)).AsSpan(0, 8));

    private static string? SourceOf(DicomDataSet data)
    {
        string?[] parts = [data.Text(Tags.InstitutionName), data.Text(Tags.Manufacturer), data.Text(Tags.ManufacturerModelName)];
        var known = parts.OfType<string>().ToList();
        return known.Count == 0 ? null : string.Join(", ", known);
    }
}

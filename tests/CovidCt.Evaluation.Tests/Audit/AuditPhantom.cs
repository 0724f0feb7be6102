using System.Text;
using CovidCt.Audit;
using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Progress;
using CovidCt.Tests;
using SkiaSharp;

namespace CovidCt.Evaluation.Tests.Audit;

/// <summary>A phantom data set that faults are planted in; it goes away with the test.</summary>
internal sealed class AuditPhantom : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public AuditPhantom(int patients = 10)
    {
        Phantom.Write(_folder.Path, patients, seed: 3);
        Rows = [.. File.ReadAllLines(_folder["manifest.csv"]).Skip(1).Select(line => line.Split(',')).Select(fields => (fields[0], fields[1], fields[2]))];
    }

    public string Folder => _folder.Path;

    /// <summary>The manifest's rows, to be changed before <see cref="Audit"/>.</summary>
    public List<(string Path, string Label, string Patient)> Rows { get; }

    public void Dispose() => _folder.Dispose();

    public byte[] Read(string path) => File.ReadAllBytes(_folder[path]);

    public SKBitmap Bitmap(string path)
    {
        var image = new SkiaImageDecoder().DecodeFile(_folder[path]);
        var bitmap = new SKBitmap(new SKImageInfo(image.Width, image.Height, SKColorType.Gray8, SKAlphaType.Opaque));
        for (var y = 0; y < image.Height; y++)
        {
            image.Pixels.AsSpan(y * image.Width, image.Width).CopyTo(bitmap.GetPixelSpan()[(y * bitmap.RowBytes)..]);
        }

        return bitmap;
    }

    /// <summary>Adds an image.</summary>
    public void Add(string path, string label, string patient, byte[] content)
    {
        _folder.Write(path, content);
        Rows.Add((path, label, patient));
    }

    /// <summary>Replaces an image's file.</summary>
    public void Replace(string path, byte[] content) => _folder.Write(path, content);

    public void WriteManifest(bool patients = true, Func<string, string>? split = null)
    {
        var text = new StringBuilder($"path,label{(patients ? ",patient" : "")}{(split is null ? "" : ",split")}\n");
        foreach (var (path, label, patient) in Rows)
        {
            text.Append(path).Append(',').Append(label).Append(patients ? $",{patient}" : "").Append(split is null ? "" : $",{split(patient)}").Append('\n');
        }

        _folder.Write("manifest.csv", text.ToString());
    }

    public DatasetAuditReport Audit(DatasetAuditOptions? options = null, IProgress<StepProgress>? progress = null)
    {
        var dataset = CtDataset.Open(_folder.Path);
        return DatasetAudit.Run(dataset, options ?? new() { GroupBy = GroupBy.Patient, Trees = 5 }, progress, cancellationToken: TestContext.Current.CancellationToken);
    }

    public static byte[] Encode(SKBitmap bitmap, SKEncodedImageFormat format, int quality)
    {
        using var data = bitmap.Encode(format, quality);
        return data.ToArray();
    }
}

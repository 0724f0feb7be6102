using System.IO.Compression;
using CovidCt.Imaging;

namespace CovidCt.Volumes;

/// <summary>Files of NIfTI-1 and NIfTI-2, compressed by gzip or not, each a volume.</summary>
public sealed class NiftiFormat : IVolumeFormat
{
    // Canvases that were made by an earlier way to read are made anew.
    private const int Way = 1;

    /// <inheritdoc/>
    public string Name => "NIfTI";

    /// <inheritdoc/>
    public string Version => FormattableString.Invariant($"{Name} {Way}, {typeof(NiftiFormat).Module.ModuleVersionId}");

    /// <inheritdoc/>
    public bool Begins(ReadOnlySpan<byte> head)
    {
        if (head is not [0x1F, 0x8B, ..])
        {
            return NiftiHeader.Begins(head);
        }

        var inflated = new byte[NiftiHeader.Length];
        try
        {
            using var gzip = new GZipStream(new MemoryStream(head.ToArray()), CompressionMode.Decompress);
            return NiftiHeader.Begins(inflated.AsSpan(0, gzip.ReadAtLeast(inflated, NiftiHeader.LeastLength, throwOnEndOfStream: false)));
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public (IReadOnlyList<ICtVolume> Volumes, IReadOnlyList<(string File, string Reason)> Rejected) Open(
        IReadOnlyList<string> files, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        List<ICtVolume> volumes = [];
        List<(string, string)> rejected = [];
        foreach (var file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                volumes.Add(NiftiVolume.Open(file));
            }
            catch (ImageRejectedException e)
            {
                rejected.Add((file, e.Message));
            }
        }

        return (volumes, rejected);
    }

    /// <inheritdoc/>
    public CtSlice Decode(ReadOnlyMemory<byte> file) =>
        throw new ImageRejectedException("The file is NIfTI, a volume and no image: ask about it as a series.");
}

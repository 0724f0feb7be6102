using System.Buffers;
using CovidCt.Data;
using CovidCt.Imaging;

namespace CovidCt.Canvases;

/// <summary>A file of canvases while it is made.</summary>
/// <param name="file">The file, under the name of a part.</param>
/// <param name="name">The name that it gets in the end.</param>
/// <param name="size">The canvases' size.</param>
/// <param name="transform">How images are brought onto canvases.</param>
/// <param name="stamps">The samples' files as they were before they were read.</param>
/// <param name="fits">Whether a row of the file is a sample's, and whole.</param>
internal sealed class CanvasPart(
    CanvasFile file, string name, ImageSize size, CanvasTransform transform, ImageStamp[] stamps,
    Func<CanvasFile, ImageSize, int, int, bool> fits) : IImageTarget, IDisposable
{
    public bool Wants(int row) => !fits(file, size, row, row);

    public void Take(int row, ReadOnlyMemory<byte> content, GrayImage image)
    {
        var length = size.Width * size.Height;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var pixels = buffer.AsSpan(0, length);
            pixels.Clear();
            var geometry = transform.Place(image, size, row);
            CanvasTransform.Draw(image, geometry, pixels);
            file.Write(row, stamps[row], geometry, pixels);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public void Reject(int row, string reason, bool wasRead) => file.Reject(row, stamps[row], reason, wasRead);

    /// <summary>Gives the file, which holds every row now, its name.</summary>
    public CanvasRows Complete()
    {
        File.Move(file.Path, name, overwrite: true);
        return new(file, size, [.. Enumerable.Range(0, stamps.Length)]);
    }

    /// <summary>Removes the file.</summary>
    public void Discard()
    {
        file.Dispose();
        File.Delete(file.Path);
    }

    public void Dispose() => file.Dispose();
}

using CovidCt.Imaging;

namespace CovidCt.Canvases;

/// <summary>Rows of a canvas file as the samples of a data set, rejected ones among them. It owns the file.</summary>
/// <param name="file">The file.</param>
/// <param name="size">The canvases' size.</param>
/// <param name="rows">Each sample's row in the file.</param>
internal sealed class CanvasRows(CanvasFile file, ImageSize size, int[] rows) : ICanvasSource
{
    public ImageSize Size => size;

    public string? Rejection(int sample) => file.Entries[rows[sample]].IsRejected ? file.Reason(rows[sample]) : null;

    public CanvasStore Keep(int[] samples)
    {
        int[] kept = [.. samples.Select(sample => rows[sample])];
        return new(size, new Pixels(file, kept), [.. kept.Select(row => file.Entries[row].GeometryOn(size))]);
    }

    public void Dispose() => file.Dispose();

    private sealed class Pixels(CanvasFile file, int[] rows) : ICanvasPixels
    {
        public void Read(int row, Span<byte> pixels) => file.Read(rows[row], pixels);

        public void Dispose() => file.Dispose();
    }
}

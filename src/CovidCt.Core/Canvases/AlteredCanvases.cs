using CovidCt.Imaging;

namespace CovidCt.Canvases;

/// <summary>The canvases of another store, changed as they are read. The other store stays its owner's.</summary>
internal sealed class AlteredCanvases(CanvasStore canvases, CanvasChange change) : ICanvasPixels
{
    public void Read(int row, Span<byte> pixels)
    {
        canvases.Read(row, pixels);
        change(pixels, canvases.Geometries[row]);
    }

    public void Dispose()
    {
    }
}

/// <summary>Changes a canvas in place.</summary>
internal delegate void CanvasChange(Span<byte> pixels, CanvasGeometry geometry);

namespace CovidCt.Canvases;

/// <summary>Where the pixels of canvases lie. Rows may be read from several threads at once.</summary>
internal interface ICanvasPixels : IDisposable
{
    /// <summary>Copies one canvas.</summary>
    /// <param name="row">A row that is there.</param>
    /// <param name="pixels">Exactly as long as a canvas has pixels.</param>
    void Read(int row, Span<byte> pixels);
}

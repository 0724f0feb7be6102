namespace CovidCt.Imaging;

/// <summary>
/// Turns the bytes of a file into gray pixels. The library decodes with <see cref="SkiaImageDecoder"/>; an application
/// that reads other formats, such as DICOM, puts its own decoder in that place.
/// </summary>
/// <remarks>Implementations are called from many threads at once.</remarks>
public interface IImageDecoder
{
    /// <summary>Decodes one image.</summary>
    /// <param name="file">The whole content of the file. Its format is told by these bytes alone.</param>
    /// <exception cref="ImageRejectedException">The bytes are not an image that this decoder reads.</exception>
    GrayImage Decode(ReadOnlyMemory<byte> file);

    /// <summary>
    /// What the pixels depend on besides the file, such as settings and versions of libraries. Canvases that are kept on disk
    /// are made anew when it changes. By default the type and the build that it is in; a decoder with settings adds them.
    /// </summary>
    string Version => $"{GetType().AssemblyQualifiedName}, {GetType().Module.ModuleVersionId}";
}

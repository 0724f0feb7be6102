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

    /// <summary>Reads and decodes one image.</summary>
    /// <param name="file">The content of a file from here on; it is read to its end and stays the caller's.</param>
    /// <exception cref="ImageRejectedException">
    /// There is nothing, more than 512 MiB, or not an image that this decoder reads.
    /// </exception>
    /// <exception cref="IOException">The stream can't be read.</exception>
    GrayImage Decode(Stream file) => Decode(Read(file));

    /// <summary>
    /// By what a study remembers what read its images, settings included, such as <c>imagesharp</c>: to go on with it, and to work on its
    /// runs, takes a decoder of the same name. By default null, which leaves no word of it, as <see cref="SkiaImageDecoder"/> does.
    /// </summary>
    string? Name => null;

    /// <summary>
    /// What the pixels depend on besides the file, such as settings and versions of libraries. Canvases that are kept on disk
    /// are made anew when it changes. By default the type and the build that it is in; a decoder with settings adds them.
    /// </summary>
    string Version => $"{GetType().AssemblyQualifiedName}, {GetType().Module.ModuleVersionId}";

    /// <summary>
    /// The same decoder for images whose samples have so many significant bits, as long as their files don't say another number. A data
    /// set, and a network trained on it, have one number for all images, so that equal values are equal grays. By default the decoder
    /// itself, which suits one that has nothing to assume.
    /// </summary>
    /// <param name="bits">8 to 16; null leaves the decoder as it is.</param>
    IImageDecoder ForSamples(int? bits) => this;

    /// <summary>
    /// How many significant bits the values of an image need whose file doesn't say how many it has: the fewest of 8, 10, 12, 14 and 16.
    /// Asked of PNG files with samples of 16 bits. By default null.
    /// </summary>
    /// <param name="file">The whole content of the file.</param>
    /// <returns>The number; null where the file says it.</returns>
    /// <exception cref="ImageRejectedException">The bytes are not an image that this decoder reads.</exception>
    int? SampleBitsOf(ReadOnlyMemory<byte> file) => null;

    /// <summary>Reads and decodes one file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ImageRejectedException">
    /// The file is missing, is a folder, cannot be read, is empty, is larger than 512 MiB, or is not an image.
    /// </exception>
    GrayImage DecodeFile(string path) => Decode(Read(path));

    private const long LargestFile = 1L << 29;

    /// <summary>The rest of a stream.</summary>
    /// <exception cref="ImageRejectedException">It is longer than 512 MiB.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    static byte[] Read(Stream file)
    {
        ArgumentNullException.ThrowIfNull(file);
        using var content = new MemoryStream();
        var part = new byte[1 << 16];
        while (file.Read(part) is > 0 and var count)
        {
            if (content.Length + count > LargestFile)
            {
                throw new ImageRejectedException(FormattableString.Invariant($"The stream has more than {LargestFile >> 20} MiB."));
            }

            content.Write(part.AsSpan(0, count));
        }

        return content.ToArray();
    }

    /// <summary>The content of a file.</summary>
    /// <exception cref="ImageRejectedException">It cannot be read, or is larger than 512 MiB.</exception>
    static byte[] Read(string path)
    {
        if (Directory.Exists(path))
        {
            throw new ImageRejectedException("It is a folder, not an image file.");
        }

        try
        {
            using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
            var length = RandomAccess.GetLength(file);
            if (length > LargestFile)
            {
                throw new ImageRejectedException(
                    FormattableString.Invariant($"The file has {length >> 20} MiB; at most {LargestFile >> 20} are read."));
            }

            var bytes = new byte[length];
            var read = 0;
            while (read < bytes.Length && RandomAccess.Read(file, bytes.AsSpan(read), read) is > 0 and var count)
            {
                read += count;
            }

            return read == bytes.Length ? bytes : bytes[..read];
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ImageRejectedException("There is no such file.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImageRejectedException("The file cannot be read; check its permissions and the disk.");
        }
    }
}

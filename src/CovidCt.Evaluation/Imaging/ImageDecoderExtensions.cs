namespace CovidCt.Imaging;

/// <summary>Decoding from a path.</summary>
public static class ImageDecoderExtensions
{
    private const long LargestFile = 1L << 29;

    /// <summary>Reads and decodes one file.</summary>
    /// <param name="decoder">The decoder.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="ImageRejectedException">
    /// The file is missing, is a folder, cannot be read, is empty, is larger than 512 MiB, or is not an image.
    /// </exception>
    public static GrayImage DecodeFile(this IImageDecoder decoder, string path)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        return decoder.Decode(Read(path));
    }

    /// <summary>The content of a file.</summary>
    /// <exception cref="ImageRejectedException">It cannot be read, or is larger than 512 MiB.</exception>
    public static byte[] Read(string path)
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

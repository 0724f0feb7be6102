namespace CovidCt.Models.Weights.Formats;

/// <summary>Tells formats apart by their first bytes.</summary>
internal static class FileSignature
{
    private const int TarSignature = 257;

    /// <summary>The format that a file seems to be in; safetensors, which has no signature, where nothing speaks against it.</summary>
    /// <exception cref="FormatException">The file is something else that is known.</exception>
    public static TensorFormat Of(MappedFile file)
    {
        using var view = file.Map(0, (int)Math.Min(file.Length, 512));
        var begin = view.Bytes;
        if (begin.StartsWith("PK\u0003\u0004"u8) || begin.StartsWith("PK\u0005\u0006"u8))
        {
            return TensorFormat.PyTorch;
        }

        // A safetensors header of 640 bytes begins like a pickle, but it goes on with a brace.
        if (begin is [0x80, >= 2 and <= 5, ..] && !(begin.Length > 8 && begin[8] == '{'))
        {
            return TensorFormat.PyTorchLegacy;
        }

        if (begin.StartsWith("version https://git-lfs"u8))
        {
            throw new FormatException("it is Git LFS's note about a file, not the file: fetch it with `git lfs pull`");
        }

        if (begin.StartsWith("<"u8))
        {
            throw new FormatException("it is a web page or XML, not weights: the download went elsewhere");
        }

        if (begin.Length > TarSignature && begin[TarSignature..].StartsWith("ustar"u8))
        {
            throw new FormatException("it is a tar archive, as PyTorch wrote before 0.1.10: load it with torch.load and save it anew");
        }

        return TensorFormat.Safetensors;
    }
}

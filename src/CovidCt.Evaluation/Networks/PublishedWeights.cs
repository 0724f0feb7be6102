using CovidCt.Imaging;

namespace CovidCt.Networks;

/// <summary>One published file of ImageNet weights: where it is, how to know it, and what it was measured to do.</summary>
public sealed record PublishedWeights
{
    /// <summary>The digits of a sha256.</summary>
    private const int HashDigits = 64;

    /// <summary>As many digits of the hash as torchvision puts into its file names; fewer would say too little.</summary>
    private const int FewestHashDigits = 8;

    private const double BytesPerMebibyte = 1 << 20;

    /// <summary>The network, by its name in <see cref="NetworkCatalogue"/>.</summary>
    public required string Network { get; init; }

    /// <summary>Which of the network's weights, in its publisher's words, such as <c>imagenet1k_v1</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Where it is published.</summary>
    /// <exception cref="ArgumentException">It isn't an absolute address of https or http.</exception>
    public required Uri Address
    {
        get;
        init => field = value.IsAbsoluteUri && (value.Scheme == Uri.UriSchemeHttps || value.Scheme == Uri.UriSchemeHttp)
            ? value
            : throw new ArgumentException($"'{value}' is not an absolute address of https or http.");
    }

    /// <summary>The name it is published under: the last part of <see cref="Address"/>.</summary>
    public string FileName => Path.GetFileName(Address.LocalPath);

    /// <summary>
    /// The sha256 in lower-case hexadecimal: all 64 digits where they are public, else the first ones, which torchvision
    /// puts into the file's name.
    /// </summary>
    /// <exception cref="ArgumentException">It isn't 8 to 64 digits of lower-case hexadecimal.</exception>
    public required string Sha256
    {
        get;
        init => field = value.Length is >= FewestHashDigits and <= HashDigits && value.All(char.IsAsciiHexDigitLower)
            ? value
            : throw new ArgumentException($"'{value}' is not the first {FewestHashDigits} to {HashDigits} digits of a sha256 in lower case.");
    }

    /// <summary>Whether <see cref="Sha256"/> has all its digits.</summary>
    public bool HashIsComplete => Sha256.Length == HashDigits;

    /// <summary>The size in bytes, where it is public.</summary>
    public long? Size { get; init; }

    /// <summary>The size in MiB (2^20 bytes), rounded to three decimals as torchvision publishes it.</summary>
    public required double Mebibytes { get; init; }

    /// <summary>The most bytes that the file can have: <see cref="Size"/>, or what <see cref="Mebibytes"/> may be rounded from.</summary>
    public long MaximumSize => Size ?? (long)Math.Ceiling((Mebibytes + 0.0005) * BytesPerMebibyte);

    /// <summary>The licence that the publisher names, as an SPDX identifier; what it leaves open is in docs/weights.md.</summary>
    public required string License { get; init; }

    /// <summary>The publisher's own words about the file.</summary>
    public required Uri Source { get; init; }

    /// <summary>Published top-1 accuracy on ImageNet's validation images, per cent.</summary>
    public required double Top1 { get; init; }

    /// <summary>Published top-5 accuracy on ImageNet's validation images, per cent.</summary>
    public required double Top5 { get; init; }

    /// <summary>The input size in pixels that the accuracies were measured at.</summary>
    public required ImageSize EvaluatedAt { get; init; }

    /// <summary>What the weights expect of their input.</summary>
    public required ChannelNormalisation Normalisation { get; init; }

    /// <summary>The input that the paper gives the network, in pixels.</summary>
    public required ImageSize Canvas { get; init; }

    /// <summary>Whether these are the weights that are meant where only the network is named.</summary>
    public bool IsDefault { get; init; }

    /// <summary>Whether a file of that many bytes can be this one.</summary>
    public bool HasSize(long bytes) =>
        Size is { } exact ? bytes == exact : bytes <= MaximumSize && bytes >= (long)((Mebibytes - 0.0005) * BytesPerMebibyte);

    /// <summary>Whether a file with that sha256, of 64 hexadecimal digits, is this one as far as its digits are public.</summary>
    public bool HasHash(string sha256)
    {
        ArgumentNullException.ThrowIfNull(sha256);
        return sha256.Length == HashDigits && sha256.StartsWith(Sha256, StringComparison.OrdinalIgnoreCase);
    }
}

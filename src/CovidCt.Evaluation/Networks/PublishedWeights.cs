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

    /// <summary>The network, by its name in <see cref="BackboneSpec"/>.</summary>
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
            : throw new ArgumentException(
                $"'{value}' is not the first {FewestHashDigits} to {HashDigits} digits of a sha256 in lower case.");
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

    /// <summary>
    /// All of them, the networks in the order of <see cref="BackboneSpec"/>, a network's default first. Default are
    /// the weights that the paper could have used: IMAGENET1K_V1 of torchvision, and for Xception those of timm.
    /// </summary>
    public static IReadOnlyList<PublishedWeights> All { get; } =
    [
        Torchvision("squeezenet1_1", "squeezenet1_1-b8a52dc0.pth", 58.178, 80.624, 4.729, 4_958_839,
            "b8a52dc049b60e4b6ab68ad0df457362afab8b6304b2febdc1650a5dab4d7e7b"),
        Torchvision("inception_v3", "inception_v3_google-0cc3c7bd.pth", 77.294, 93.450, 103.903, 108_949_747,
            "0cc3c7bd75056d25e46cba549dc184522069b81e9787eff6df84f397bd52a5ef", evaluatedAt: 299),
        Torchvision("resnet18", "resnet18-f37072fd.pth", 69.758, 89.078, 44.661, 46_830_571,
            "f37072fd47e89c5e827621c5baffa7500819f7896bbacec160b1a16c560e07ec"),
        Torchvision("resnet50", "resnet50-0676ba61.pth", 76.130, 92.862, 97.781, 102_530_333,
            "0676ba61b6795bbe1773cffd859882e5e297624d384b6993f7c9e683e722fb8a"),
        Torchvision("resnet50", "resnet50-11ad3fa6.pth", 80.858, 95.434, 97.790, 102_540_417,
            "11ad3fa62ca79e40addfd354a8ec4b7c75143b3038b8d2a807fbc68deab379ca", version: 2),
        Torchvision("resnet101", "resnet101-63fe2227.pth", 77.374, 93.546, 170.511, null,
            "63fe2227b86e8f1f2063f43a75c84d195911b6a0eace650907dd3dc62dd49a0a"),
        Torchvision("resnet101", "resnet101-cd907fc2.pth", 81.886, 95.780, 170.530, null,
            "cd907fc2a0de2292b2ba2b27d2216bc672d84632d1cf20058d01c0c03b5e020e", version: 2),
        Torchvision("resnext50_32x4d", "resnext50_32x4d-7cdf4587.pth", 77.618, 93.698, 95.789, 100_441_675, "7cdf4587"),
        Torchvision("resnext50_32x4d", "resnext50_32x4d-1a0047aa.pth", 81.198, 95.340, 95.833, null, "1a0047aa", version: 2),
        Torchvision("resnext101_32x8d", "resnext101_32x8d-8ba56ff5.pth", 79.312, 94.526, 339.586, 356_082_095, "8ba56ff5"),
        Torchvision("resnext101_32x8d", "resnext101_32x8d-110c445d.pth", 82.834, 96.228, 339.673, null, "110c445d", version: 2),
        Timm("xception", "legacy_xception", "tf_in1k", "v0.1-cadene/xception-43020ad28.pth", 79.058, 94.396, 87.428, 91_675_053,
            "43020ad28", evaluatedAt: 299),
        Torchvision("shufflenet_v2_x1_0", "shufflenetv2_x1-5666bf0f80.pth", 69.362, 88.316, 8.791, 9_218_294,
            "5666bf0f80d1e7f8fb61f6a65742b9c27c37f3208c1f087cdcd7c1ec1aa8b848"),
        Torchvision("densenet121", "densenet121-a639ec97.pth", 74.434, 91.972, 30.845, 32_342_954,
            "a639ec97d7c33b07ae66f0b5fb7d0192f95a3b11b7576c66c0126c2a727c4395"),
        Torchvision("densenet169", "densenet169-b2777c0a.pth", 75.600, 92.806, 54.708, 57_365_526, "b2777c0a"),
        Torchvision("densenet201", "densenet201-c1103571.pth", 76.896, 93.370, 77.373, 81_131_730, "c1103571"),
        Torchvision("squeezenet1_0", "squeezenet1_0-b66bff10.pth", 58.092, 80.420, 4.778, null, "b66bff10"),
    ];

    /// <summary>A network's published weights, the default first; none where nothing is known of the network.</summary>
    /// <param name="network">A published name, such as <c>resnet18</c>.</param>
    public static IReadOnlyList<PublishedWeights> Of(string network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return [.. All.Where(weights => weights.Network == network)];
    }

    /// <summary>The weights that are meant where only the network is named.</summary>
    /// <param name="network">A published name, such as <c>resnet18</c>.</param>
    /// <exception cref="ArgumentException">Nothing is published for a network of that name; the message lists those there are.</exception>
    public static PublishedWeights Default(string network) =>
        Of(network).FirstOrDefault(weights => weights.IsDefault) ?? throw new ArgumentException(
            $"No weights are published for a network '{network}'. There are some for: " +
            $"{string.Join(", ", All.Select(weights => weights.Network).Distinct())}.", nameof(network));

    private static PublishedWeights Torchvision(
        string network, string file, double top1, double top5, double mebibytes, long? size, string sha256, int version = 1,
        int evaluatedAt = 224)
    {
        var spec = Spec(network);
        return new PublishedWeights
        {
            Network = network,
            Id = $"imagenet1k_v{version}",
            Address = new Uri($"https://download.pytorch.org/models/{file}"),
            Sha256 = sha256,
            Size = size,
            Mebibytes = mebibytes,
            License = "BSD-3-Clause",
            Source = new Uri($"https://pytorch.org/vision/stable/models/generated/torchvision.models.{network}.html"),
            Top1 = top1,
            Top5 = top5,
            EvaluatedAt = new(evaluatedAt, evaluatedAt),
            Normalisation = spec.Normalisation,
            Canvas = spec.Canvas,
            IsDefault = version == 1,
        };
    }

    private static PublishedWeights Timm(
        string network, string model, string id, string release, double top1, double top5, double mebibytes, long? size, string sha256,
        int evaluatedAt)
    {
        var spec = Spec(network);
        return new PublishedWeights
        {
            Network = network,
            Id = id,
            Address = new Uri($"https://github.com/rwightman/pytorch-image-models/releases/download/{release}"),
            Sha256 = sha256,
            Size = size,
            Mebibytes = mebibytes,
            License = "Apache-2.0",
            Source = new Uri($"https://huggingface.co/timm/{model}.{id}"),
            Top1 = top1,
            Top5 = top5,
            EvaluatedAt = new(evaluatedAt, evaluatedAt),
            Normalisation = spec.Normalisation,
            Canvas = spec.Canvas,
            IsDefault = true,
        };
    }

    private static BackboneSpec Spec(string network) => BackboneSpec.All.Single(spec => spec.Name == network);
}

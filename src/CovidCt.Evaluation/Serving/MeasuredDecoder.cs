using CovidCt.Imaging;

namespace CovidCt.Serving;

/// <summary>A decoder that says how long it takes, and what it rejects.</summary>
internal sealed class MeasuredDecoder(IImageDecoder decoder, Telemetry.OfModel telemetry) : IImageDecoder
{
    private const string Stage = "decode";

    /// <inheritdoc/>
    public string? Name => decoder.Name;

    /// <inheritdoc/>
    public string Version => decoder.Version;

    /// <inheritdoc/>
    public GrayImage Decode(ReadOnlyMemory<byte> file) => telemetry.Stage(Stage, () => decoder.Decode(file));

    /// <inheritdoc/>
    public GrayImage Decode(Stream file) => telemetry.Stage(Stage, () => decoder.Decode(file));

    /// <inheritdoc/>
    public GrayImage DecodeFile(string path) => telemetry.Stage(Stage, () => decoder.DecodeFile(path));

    /// <inheritdoc/>
    public IImageDecoder ForSamples(int? bits) => new MeasuredDecoder(decoder.ForSamples(bits), telemetry);

    /// <inheritdoc/>
    public int? SampleBitsOf(ReadOnlyMemory<byte> file) => decoder.SampleBitsOf(file);
}

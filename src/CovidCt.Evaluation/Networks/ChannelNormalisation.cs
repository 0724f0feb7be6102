namespace CovidCt.Networks;

/// <summary>Per channel, <c>(value − mean) / deviation</c> on values in [0, 1].</summary>
/// <param name="Mean">Three means, for R, G and B.</param>
/// <param name="Deviation">Three standard deviations, for R, G and B.</param>
public sealed record ChannelNormalisation(IReadOnlyList<float> Mean, IReadOnlyList<float> Deviation)
{
    private const double White = 255;

    /// <summary>The ImageNet statistics that torchvision publishes its weights with.</summary>
    public static ChannelNormalisation ImageNet { get; } = new([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

    /// <summary>[0, 1] to [−1, 1], which InceptionV3 and Xception were trained with.</summary>
    public static ChannelNormalisation Symmetric { get; } = new([0.5f, 0.5f, 0.5f], [0.5f, 0.5f, 0.5f]);

    /// <summary>
    /// What makes gray in 0…255 a channel's value: a factor, and a summand after it, each rounded by itself, so that whoever prepares an
    /// input has the same bits.
    /// </summary>
    /// <param name="channel">0, 1 or 2.</param>
    public (float Scale, float Offset) OfGray(int channel) =>
        ((float)(1 / (White * Deviation[channel])), (float)(-(double)Mean[channel] / Deviation[channel]));

    /// <summary>A channel's value of a colour.</summary>
    /// <param name="channel">0, 1 or 2.</param>
    /// <param name="level">The colour's share of the channel, in 0…255.</param>
    public float OfColour(int channel, byte level) => (float)(((level / White) - Mean[channel]) / Deviation[channel]);
}

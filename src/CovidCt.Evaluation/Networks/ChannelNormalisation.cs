namespace CovidCt.Networks;

/// <summary>Per channel, <c>(value − mean) / deviation</c> on values in [0, 1].</summary>
/// <param name="Mean">Three means, for R, G and B.</param>
/// <param name="Deviation">Three standard deviations, for R, G and B.</param>
public sealed record ChannelNormalisation(IReadOnlyList<float> Mean, IReadOnlyList<float> Deviation)
{
    /// <summary>The ImageNet statistics that torchvision publishes its weights with.</summary>
    public static ChannelNormalisation ImageNet { get; } = new([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

    /// <summary>[0, 1] to [−1, 1], which InceptionV3 and Xception were trained with.</summary>
    public static ChannelNormalisation Symmetric { get; } = new([0.5f, 0.5f, 0.5f], [0.5f, 0.5f, 0.5f]);
}

using CovidCt.Evaluation;
using CovidCt.Networks;

namespace CovidCt.Reporting.Cards;

/// <summary>What a network's training began with.</summary>
/// <param name="Text">In words.</param>
/// <param name="IsKnown">Whether nothing is left to say of it.</param>
internal sealed record WeightsOrigin(string Text, bool IsKnown)
{
    /// <summary>Tells published weights by the hash of their file.</summary>
    /// <param name="network">The published name of the network.</param>
    /// <param name="initialWeights">The <c>initialWeights</c> of a run: <c>random</c>, or a file's SHA-256.</param>
    public static WeightsOrigin Of(string network, string? initialWeights)
    {
        if (initialWeights is null or NetworkResult.Random)
        {
            return new("random, drawn from the seed", IsKnown: true);
        }

        var published = PublishedWeights.Of(network)
            .FirstOrDefault(weights => initialWeights.StartsWith(weights.Sha256, StringComparison.OrdinalIgnoreCase));
        return published is null
            ? new($"a file with ImageNet weights, SHA-256 {initialWeights}", IsKnown: false)
            : new(
                $"ImageNet weights {published.Id} from {published.Address} ({published.License}), SHA-256 {initialWeights}",
                IsKnown: true);
    }
}

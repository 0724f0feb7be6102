using System.Text.Json;

namespace CovidCt.Inference;

/// <summary>How a <see cref="TrainingReference"/> was made.</summary>
/// <param name="Neighbours">k: the distance is that to the k-th nearest row.</param>
/// <param name="Threshold">The distance from which on an input is unlike the training images.</param>
/// <param name="Quantile">The share of the test images that the threshold was drawn for, in (0, 1).</param>
/// <param name="TrainingImages">The training images, of which the rows are a sample where there are too many.</param>
/// <param name="TestImages">The test images that the threshold comes from.</param>
internal sealed record TrainingReferenceFacts(int Neighbours, double Threshold, double Quantile, int TrainingImages, int TestImages)
{
    internal string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    /// <summary>Null where the text makes no sense.</summary>
    internal static TrainingReferenceFacts? FromJson(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<TrainingReferenceFacts>(
                text, JsonSerializerOptions.Web) is { Neighbours: > 0, Threshold: >= 0 } facts
                ? facts
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

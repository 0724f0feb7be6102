using System.ComponentModel.DataAnnotations;

namespace CovidCt.Serving;

/// <summary>How calls wait for a model that many ask at once.</summary>
/// <remarks>
/// Images that wait at the same moment are answered in one forward pass; none waits for a pass to fill. Answers are those of one image at
/// a time but for rounding: probabilities differ by less than 1e-6. Explanations are passes of their own. Who comes first is served first.
/// </remarks>
public sealed class QueueOptions
{
    /// <summary>
    /// The most calls that are waiting or under way, 1 to 65,536; a further one ends in a <see cref="Answers.QueueFullException"/> at once.
    /// Default: 64.
    /// </summary>
    [Range(1, 1 << 16)]
    public int Length { get; set; } = 64;

    /// <summary>The most images of one forward pass, 1 to 16. Default: 16.</summary>
    [Range(1, 16)]
    public int BatchSize { get; set; } = 16;

    /// <summary>
    /// How many passes are under way at once, 1 to 64. Default: 2, so that one prepares its images while the other computes.
    /// </summary>
    [Range(1, 64)]
    public int Passes { get; set; } = 2;
}

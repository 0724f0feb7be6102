using System.ComponentModel.DataAnnotations;
using CovidCt.Recipes;

namespace CovidCt.Embedding;

/// <summary>How t-SNE embeds.</summary>
/// <remarks>
/// The defaults are openTSNE's of before 0.7: a momentum of 0.5 in the first phase, and one learning rate for both. Each phase begins with
/// new gains, as in
/// scikit-learn. From random positions, over forty seeds on SqueezeNet's features of COVID19-CT, the divergence came to 0.915 in the mean;
/// with gains carried
/// on to 0.933, and with openTSNE's present momentum of 0.8 in the first phase to 0.929.
/// </remarks>
public sealed class TsneOptions
{
    /// <summary>
    /// The effective number of neighbours that a point attends to (van der Maaten and Hinton 2008, section 2); at most a
    /// third of the number of other points. Default null: 30, or that third where it is less.
    /// </summary>
    [Range(1.0, 10_000.0)]
    public double? Perplexity { get; set; }

    /// <summary>How the repulsion is computed. Default <see cref="TsneMethod.Auto"/>.</summary>
    [EnumDataType(typeof(TsneMethod))]
    public TsneMethod Method { get; set; } = TsneMethod.Auto;

    /// <summary>Where the points begin. Default <see cref="TsneInitialization.Pca"/>.</summary>
    [EnumDataType(typeof(TsneInitialization))]
    public TsneInitialization Initialization { get; set; } = TsneInitialization.Pca;

    /// <summary>By how much attraction is exaggerated in the first phase. Default 12.</summary>
    [Range(1.0, 100.0)]
    public double EarlyExaggeration { get; set; } = 12;

    /// <summary>Iterations of the first phase. Default 250.</summary>
    [Range(0, 1_000_000)]
    public int EarlyIterations { get; set; } = 250;

    /// <summary>Iterations after the first phase. Default 500.</summary>
    [Range(0, 1_000_000)]
    public int Iterations { get; set; } = 500;

    /// <summary>
    /// The step size, for a gradient without the factor 4 of the paper, as in FIt-SNE and openTSNE (scikit-learn's number
    /// is a quarter of it). Default null: the number of points over <see cref="EarlyExaggeration"/>, at least 200 (Belkina et al., Nature
    /// Communications 2019, 10, 5415).
    /// </summary>
    [Range(1e-6, 1e9)]
    public double? LearningRate { get; set; }

    /// <summary>The momentum of the first phase. Default 0.5.</summary>
    [Range(0.0, 0.999)]
    public double EarlyMomentum { get; set; } = 0.5;

    /// <summary>The momentum after the first phase. Default 0.8.</summary>
    [Range(0.0, 0.999)]
    public double Momentum { get; set; } = 0.8;

    /// <summary>The greatest length of a point's step; a longer one is shortened to it. Default 5.</summary>
    [Range(1e-6, 1e6)]
    public double MaxStepNorm { get; set; } = 5;

    /// <summary>
    /// Neighbours that trustworthiness and recall look at. Default 10; fewer where it isn't below half the number of points.
    /// </summary>
    [Range(1, 1000)]
    public int QualityNeighbours { get; set; } = 10;

    /// <summary>Decides what is drawn: the random positions, or the jitter of those by PCA. Default 0.</summary>
    public long Seed { get; set; }

    /// <summary>
    /// Where to compute. On a card all of an embedding is, in blocks of 1 GiB, from the same initial positions as on the processor; its
    /// points differ from
    /// the processor's as rounding lets them drift apart. <c>Tsne.Place</c> computes only distances there. Default the processor.
    /// </summary>
    [EnumDataType(typeof(ComputeDevice))]
    public ComputeDevice Device { get; set; } = ComputeDevice.Cpu;

    /// <summary>The perplexity for so many points.</summary>
    internal double PerplexityFor(int points) => Perplexity ?? Math.Clamp((points - 1) / 3.0, 1, 30);

    /// <summary>The learning rate for so many points.</summary>
    internal double RateFor(int points) => LearningRate ?? Math.Max(200, points / EarlyExaggeration);

    internal TsneOptions Clone() => (TsneOptions)MemberwiseClone();
}

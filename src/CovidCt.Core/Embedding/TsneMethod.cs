namespace CovidCt.Embedding;

/// <summary>How the repulsion between points is computed.</summary>
public enum TsneMethod
{
    /// <summary>Exact up to <see cref="Tsne.ExactLimit"/> points, interpolated beyond.</summary>
    Auto,

    /// <summary>Repulsion between every pair of points: the time of an iteration grows with N².</summary>
    Exact,

    /// <summary>
    /// By polynomial interpolation on a grid, FIt-SNE (Linderman et al., Nature Methods 2019, 16, 243-245): the time of an
    /// iteration grows with N.
    /// </summary>
    Interpolation,
}

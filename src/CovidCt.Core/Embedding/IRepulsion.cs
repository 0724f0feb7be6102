namespace CovidCt.Embedding;

/// <summary>Computes how points push each other apart.</summary>
internal interface IRepulsion<T> : IDisposable
{
    /// <summary>Σ k(ij)² · (y(i) - y(j)) over all j, k(ij) = 1 / (1 + |y(i) - y(j)|²).</summary>
    /// <returns>Z: the sum of k(ij) over all ordered pairs of different points.</returns>
    double Compute(T[] x, T[] y, T[] pushX, T[] pushY);
}

namespace CovidCt.Embedding;

/// <summary>Computes the gradient of t-SNE at a set of positions.</summary>
internal interface IForces<T>
{
    /// <summary>The gradient, less the factor 4 of van der Maaten and Hinton 2008, equation 5.</summary>
    void Gradient(T[] x, T[] y, double exaggeration, T[] gradientX, T[] gradientY);
}

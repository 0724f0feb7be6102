namespace CovidCt.Embedding;

/// <summary>A place in the plane of an embedding; only distances between places mean something.</summary>
/// <param name="X">The first coordinate.</param>
/// <param name="Y">The second coordinate.</param>
public readonly record struct EmbeddedPoint(double X, double Y);

/// <summary>A finished embedding.</summary>
/// <param name="Points">One a row of the features, in their order; their mean is the origin.</param>
/// <param name="Perplexity">The perplexity that its affinities were made with.</param>
/// <param name="Method">How it was computed: <see cref="TsneMethod.Exact"/> or <see cref="TsneMethod.Interpolation"/>.</param>
/// <param name="Quality">How well it shows the features.</param>
public sealed record TsneEmbedding(IReadOnlyList<EmbeddedPoint> Points, double Perplexity, TsneMethod Method, EmbeddingQuality Quality);

/// <summary>Training and test rows in one plane.</summary>
/// <param name="Embedding">All points, those of the training rows first.</param>
/// <param name="Train">The points of the training rows.</param>
/// <param name="Test">The points of the test rows.</param>
public sealed record JointEmbedding(TsneEmbedding Embedding, IReadOnlyList<EmbeddedPoint> Train, IReadOnlyList<EmbeddedPoint> Test);

/// <summary>How far an embedding has come.</summary>
/// <param name="Stage">What is under way.</param>
/// <param name="Iteration">Iterations done.</param>
/// <param name="Iterations">Iterations of both phases.</param>
public readonly record struct TsneProgress(TsneStage Stage, int Iteration, int Iterations);

/// <summary>The stages of an embedding, in their order.</summary>
public enum TsneStage
{
    /// <summary>Distances, neighbours, and the search for each point's bandwidth.</summary>
    Affinities,

    /// <summary>Gradient descent.</summary>
    Descent,

    /// <summary>The quality figures.</summary>
    Quality,
}

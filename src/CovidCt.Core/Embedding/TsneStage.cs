namespace CovidCt.Embedding;

/// <summary>The stages of an embedding, in their order.</summary>
internal enum TsneStage
{
    /// <summary>Distances, neighbours, and the search for each point's bandwidth.</summary>
    Affinities,

    /// <summary>Gradient descent.</summary>
    Descent,

    /// <summary>The quality figures.</summary>
    Quality,
}

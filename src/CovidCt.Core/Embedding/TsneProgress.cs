namespace CovidCt.Embedding;

/// <summary>How far an embedding has come.</summary>
/// <param name="Stage">What is under way.</param>
/// <param name="Iteration">Iterations done.</param>
/// <param name="Iterations">Iterations of both phases.</param>
internal readonly record struct TsneProgress(TsneStage Stage, int Iteration, int Iterations);

namespace CovidCt.Audit;

/// <summary>The outcome of one check.</summary>
/// <param name="Check">Which check, a word that stays the same between versions, such as <c>label-conflicts</c>.</param>
/// <param name="Verdict">How much it weighs.</param>
/// <param name="Sentence">The outcome in plain words.</param>
/// <param name="Evidence">Paths and counts that it rests on, a line each; at most <see cref="MostEvidence"/>, and then how many more.</param>
public sealed record AuditFinding(string Check, AuditVerdict Verdict, string Sentence, IReadOnlyList<string> Evidence)
{
    /// <summary>The most lines of evidence that are spelled out.</summary>
    public const int MostEvidence = 20;
}

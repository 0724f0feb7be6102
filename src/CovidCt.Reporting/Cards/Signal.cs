namespace CovidCt.Reporting.Cards;

/// <summary>How a signalling question of PROBAST+AI is answered.</summary>
internal enum SignalVerdict
{
    Yes,
    ProbablyYes,
    ProbablyNo,
    No,
    NoInformation,
    NotApplicable,
}

/// <summary>An answer to a signalling question of PROBAST+AI.</summary>
/// <param name="Verdict">The answer.</param>
/// <param name="Because">Why, in sentences.</param>
/// <param name="Source">The file or publication that it is from, or the program where it is the same in every study.</param>
/// <param name="Rest">What people have to add; null where nothing is left.</param>
internal sealed record Signal(SignalVerdict Verdict, string Because, string Source, string? Rest = null)
{
    /// <summary>Whether it speaks for concern.</summary>
    public bool IsBad => Verdict is SignalVerdict.No or SignalVerdict.ProbablyNo;

    public static Signal Yes(string because, string source) => new(SignalVerdict.Yes, because, source);

    public static Signal ProbablyYes(string because, string source, string? rest = null) =>
        new(SignalVerdict.ProbablyYes, because, source, rest);

    public static Signal ProbablyNo(string because, string source) => new(SignalVerdict.ProbablyNo, because, source);

    public static Signal No(string because, string source) => new(SignalVerdict.No, because, source);

    public static Signal NoInformation(string because, string source, string rest) =>
        new(SignalVerdict.NoInformation, because, source, rest);

    public static Signal NotApplicable(string because, string source) => new(SignalVerdict.NotApplicable, because, source);

    public Answer ToAnswer() => new($"{Word}. {Because}", Source, Rest);

    private string Word => Verdict switch
    {
        SignalVerdict.Yes => "Yes",
        SignalVerdict.ProbablyYes => "Probably yes",
        SignalVerdict.ProbablyNo => "Probably no",
        SignalVerdict.No => "No",
        SignalVerdict.NoInformation => "No information",
        _ => "Not applicable",
    };
}

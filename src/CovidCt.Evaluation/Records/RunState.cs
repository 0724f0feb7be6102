namespace CovidCt.Records;

/// <summary>How far a run has come.</summary>
public enum RunState
{
    /// <summary>It has not begun, or its folder was removed.</summary>
    Missing,

    /// <summary>It has begun and is not finished.</summary>
    UnderWay,

    /// <summary>Its test predictions are there.</summary>
    Finished,
}

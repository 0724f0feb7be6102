namespace CovidCt.Progress;

/// <summary>What a study tells while it runs.</summary>
public abstract record StudyProgress;

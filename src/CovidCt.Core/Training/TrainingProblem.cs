namespace CovidCt.Training;

/// <summary>Why a training could not go on.</summary>
public enum TrainingProblem
{
    /// <summary>What the message says.</summary>
    Other,

    /// <summary>A loss or an answer is no longer a number: likely the learning rate is too high.</summary>
    NotANumber,

    /// <summary>libtorch stopped it, likely for want of memory.</summary>
    Memory,

    /// <summary>The process that trained ended.</summary>
    ProcessEnded,
}

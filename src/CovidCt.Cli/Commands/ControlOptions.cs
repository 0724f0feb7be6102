using System.ComponentModel.DataAnnotations;

namespace CovidCt.Cli.Commands;

/// <summary>How controls are asked outside of a study.</summary>
internal sealed class ControlOptions
{
    /// <summary>How often folds are drawn. Default 10, so that a figure doesn't hang on one drawing.</summary>
    [Range(1, 1000)]
    public int FoldDraws { get; set; } = 10;
}

using System.Collections.Frozen;
using System.ComponentModel.DataAnnotations;

namespace CovidCt.Records;

/// <summary>Which predictions, made by other programs, are judged, and how their files are read.</summary>
public sealed class EvaluationOptions
{
    /// <summary>What a column can be said to hold: the keys of <see cref="Columns"/>.</summary>
    public static IReadOnlyList<string> Meanings => PredictionColumns.Meanings;

    /// <summary>
    /// Files of predictions, one or more: CSV with commas, semicolons or tabs, whose first line names the columns. A row is one answer
    /// about one image.
    /// </summary>
    [Required, NotEmpty]
    public IReadOnlyList<string> Files { get; set; } = [];

    /// <summary>What the predictions are called; null takes the names of the files.</summary>
    public string? Name { get; set; }

    /// <summary>
    /// The class that probabilities and sensitivity are of; null takes 1 of 0 and 1, the like of it in words, and the one that is named
    /// after COVID, else guesses.
    /// </summary>
    public string? Positive { get; set; }

    /// <summary>
    /// By what it holds (<c>path</c>, <c>label</c>, <c>probability</c>, <c>patient</c>, <c>source</c>, <c>model</c>, <c>fold</c>,
    /// <c>seed</c>), the name of the column, where the usual names don't say it; an empty name says that none holds it.
    /// </summary>
    [Required]
    public IReadOnlyDictionary<string, string> Columns { get; set; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Further columns whose values make groups, which figures are computed of.</summary>
    [Required]
    public IReadOnlyList<string> Groups { get; set; } = [];
}

using System.Reflection;
using System.Runtime.InteropServices;

namespace CovidCt.Records;

/// <summary>
/// What is known of predictions that are no study's, in the place of what a study was asked to do: what <c>evaluation.json</c> holds.
/// </summary>
/// <param name="Dataset">What they are called.</param>
/// <param name="GroupBy">
/// What is known of their folds: <see cref="Evaluation.CrossValidationReport.Given"/>,
/// <see cref="Evaluation.CrossValidationReport.GivenPooled"/> or <see cref="Evaluation.CrossValidationReport.GivenTest"/>.
/// </param>
/// <param name="Networks">The names of the models, by name, ordinal.</param>
/// <param name="Classes">The names of the classes, the negative one first.</param>
/// <param name="Positive">The name of the positive class.</param>
/// <param name="IsPositiveGuessed">Whether nobody named it, and nothing says which it is.</param>
public sealed record GivenPredictions(
    string Dataset, string GroupBy, IReadOnlyList<string> Networks, IReadOnlyList<string> Classes, string Positive, bool IsPositiveGuessed)
{
    /// <summary>The files that they were read from; none where they came from memory.</summary>
    public IReadOnlyList<File> Files { get; init => field = value ?? []; } = []; // Null where a file leaves them out.

    /// <summary>The names of the folds, by number, where they are no numbers themselves.</summary>
    public IReadOnlyList<string> FoldNames { get; init => field = value ?? []; } = [];

    /// <summary>The names of the seeds, where a model has several, the first one first.</summary>
    public IReadOnlyList<string> SeedNames { get; init => field = value ?? []; } = [];

    /// <summary>Which of the seeds these predictions are of, from 0.</summary>
    public int Repetition { get; init; }

    /// <summary>The trained network that they are of, where it was tested here; null of predictions that were made elsewhere.</summary>
    public TestedModel? Tested { get; init; }

    /// <summary>With what they were judged, such as the program's version; null where that is not said.</summary>
    public string? JudgedWith { get; init; }

    /// <summary>This program with its version, and the system's .NET.</summary>
    internal static string Program { get; } =
        $"CovidCt {typeof(GivenPredictions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}, "
        + RuntimeInformation.FrameworkDescription;

    /// <summary>A file of predictions.</summary>
    /// <param name="Name">Its name, without a folder: a report may be shown to anyone.</param>
    /// <param name="Sha256">The SHA-256 of its content, in hexadecimal digits.</param>
    /// <param name="Rows">How many predictions it holds.</param>
    /// <param name="Columns">The columns that were read.</param>
    public sealed record File(string Name, string Sha256, int Rows, IReadOnlyList<Column> Columns);

    /// <summary>A column that was read.</summary>
    /// <param name="Meaning">What it holds: a key of <see cref="EvaluationOptions.Columns"/>, or <c>group</c>.</param>
    /// <param name="Name">Its name in the file.</param>
    public sealed record Column(string Meaning, string Name);

    /// <summary>No column of a file can be told to hold what is needed, or several may; the message names them.</summary>
    public sealed class ColumnException : Exception
    {
        /// <summary>An exception with a message.</summary>
        /// <param name="message">What is wrong.</param>
        /// <param name="meaning">What is looked for: a key of <see cref="EvaluationOptions.Columns"/>.</param>
        internal ColumnException(string message, string meaning) : base(message) => Meaning = meaning;

        /// <summary>What is looked for: a key of <see cref="EvaluationOptions.Columns"/>.</summary>
        public string Meaning { get; }
    }
}

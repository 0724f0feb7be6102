using System.Collections.Concurrent;
using CovidCt.Progress;
using Microsoft.Extensions.Logging;

namespace CovidCt.Studies;

/// <summary>Keeps the warnings of a study, and logs them with the runs that were finished, whoever else is told.</summary>
/// <param name="logger">Where to.</param>
/// <param name="next">Who is told everything; null where nobody is.</param>
internal sealed partial class StudyLog(ILogger logger, IProgress<StudyProgress>? next) : IProgress<StudyProgress>
{
    private readonly ConcurrentQueue<string> _warnings = [];

    /// <summary>The warnings so far, in their order, each once.</summary>
    public IReadOnlyList<string> Warnings => [.. _warnings.Distinct(StringComparer.Ordinal)];

    public void Report(StudyProgress value)
    {
        switch (value)
        {
            case Study.Warning warning:
                _warnings.Enqueue(warning.Message);
                Warned(warning.Message);
                break;
            case Study.FoldFinished fold:
                Finished(fold.Network, fold.Result.Fold);
                break;
        }

        next?.Report(value);
    }

    [LoggerMessage(LogLevel.Warning, "{Message}")]
    private partial void Warned(string message);

    [LoggerMessage(LogLevel.Information, "{Network}, fold {Fold}: finished")]
    private partial void Finished(string network, int fold);
}

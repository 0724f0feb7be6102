using CovidCt.Evaluation;
using CovidCt.Progress;
using CovidCt.Studies;
using Microsoft.Extensions.Logging;

namespace CovidCt.Core.Tests.Studies;

public sealed class StudyLogTests
{
    [Fact]
    public void Warnings_and_finished_runs_are_logged_and_everything_is_passed_on()
    {
        var (logger, told) = (new Kept(), new List<StudyProgress>());
        var log = new StudyLog(logger, new Relay<StudyProgress>(told.Add));
        StudyProgress[] all = [new Study.Warning("no weights"), new Study.ControlBegun("random-labels"), new Study.Warning("no weights"), new Study.Warning("guessed")];

        Array.ForEach(all, log.Report);

        Assert.Equal(all, told);
        Assert.Equal([(LogLevel.Warning, "no weights"), (LogLevel.Warning, "no weights"), (LogLevel.Warning, "guessed")], logger.Lines);
        Assert.Equal(["no weights", "guessed"], log.Warnings);
    }

    [Fact]
    public void A_finished_run_is_information()
    {
        var logger = new Kept();
        new StudyLog(logger, null).Report(new Study.FoldFinished("resnet18", 5, FoldResult.From(3, [new("a.png", "COVID", null, "resnet18", 3, 0.9), new("b.png", "other", null, "resnet18", 3, 0.2)], "COVID"), false));

        Assert.Equal((LogLevel.Information, "resnet18, fold 3: finished"), Assert.Single(logger.Lines));
    }

    private sealed class Kept : ILogger
    {
        public List<(LogLevel, string)> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add((logLevel, formatter(state, exception)));
    }
}

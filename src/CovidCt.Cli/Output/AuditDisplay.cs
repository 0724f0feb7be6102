using System.Globalization;
using CovidCt.Audit;
using Spectre.Console;

namespace CovidCt.Cli.Output;

/// <summary>Shows an audit's progress: bars to a person, a line a step to a file.</summary>
internal sealed class AuditDisplay : IProgress<AuditProgress>
{
    private readonly ConsoleOutput _console;
    private readonly ProgressContext? _context;
    private readonly Dictionary<AuditStep, ProgressTask> _bars = [];

    internal AuditDisplay(ConsoleOutput console, ProgressContext? context) => (_console, _context) = (console, context);

    /// <summary>Does work with its progress on the display.</summary>
    public static T Show<T>(ConsoleOutput console, Func<IProgress<AuditProgress>, T> work)
    {
        if (!console.IsInteractive)
        {
            return work(new AuditDisplay(console, null));
        }

        return console.Human.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => work(new AuditDisplay(console, context)));
    }

    public void Report(AuditProgress value)
    {
        if (_context is not null)
        {
            if (!_bars.TryGetValue(value.Step, out var bar))
            {
                _bars[value.Step] = bar = _context.AddTask(value.Step.ToString().ToLowerInvariant(), maxValue: value.Total);
            }

            bar.Value(value.Done);
        }
        else if (value.Done == value.Total)
        {
            _console.Line(string.Create(CultureInfo.InvariantCulture, $"{Done(value.Step)} {value.Total} "
                + $"{(value.Step == AuditStep.Probing ? "sets of features" : "images")}"));
        }
    }

    private static string Done(AuditStep step) => step switch
    {
        AuditStep.Reading => "read",
        AuditStep.Comparing => "compared",
        _ => "probed",
    };
}

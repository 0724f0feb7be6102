using System.Globalization;
using CovidCt.Studies;
using Spectre.Console;

namespace CovidCt.Cli.Output;

/// <summary>Shows the work on a finished run: a bar to a person, a line a step to a file.</summary>
internal sealed class RunStepDisplay : IProgress<RunStep>
{
    private readonly ConsoleOutput _console;
    private readonly string _name;
    private readonly ProgressContext? _context;
    private readonly Dictionary<RunStepKind, ProgressTask> _bars = [];
    private readonly HashSet<RunStepKind> _told = [];

    private RunStepDisplay(ConsoleOutput console, string name, ProgressContext? context) =>
        (_console, _name, _context) = (console, name, context);

    /// <summary>Does work with its progress on the display.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="work">Gets, for a name such as a network's, what to report to.</param>
    public static T Show<T>(ConsoleOutput console, Func<Func<string, IProgress<RunStep>>, T> work)
    {
        if (!console.IsInteractive)
        {
            return work(name => new RunStepDisplay(console, name, null));
        }

        return console.Human.Progress()
            .AutoClear(false)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => work(name => new RunStepDisplay(console, name, context)));
    }

    public void Report(RunStep value)
    {
        if (_context is not null)
        {
            if (!_bars.TryGetValue(value.Kind, out var bar))
            {
                _bars[value.Kind] = bar = _context.AddTask(Markup.Escape($"{_name}: {Doing(value.Kind)}"), maxValue: value.Total);
            }

            bar.Value(value.Done);
        }
        else if (value.Done == value.Total && _told.Add(value.Kind))
        {
            _console.Line(string.Create(CultureInfo.InvariantCulture, $"{_name}: {Done(value)}"));
        }
    }

    private static string Doing(RunStepKind kind) => kind switch
    {
        RunStepKind.Features => "features",
        RunStepKind.Embedding => "embedding",
        RunStepKind.Controls => "controls",
        RunStepKind.Auditing => "auditing maps",
        RunStepKind.Randomising => "randomising layers",
        _ => "explaining",
    };

    private static string Done(RunStep step) => step.Kind switch
    {
        RunStepKind.Features => FormattableString.Invariant($"features of {step.Total} images"),
        RunStepKind.Embedding => FormattableString.Invariant($"embedded in {step.Total} iterations"),
        RunStepKind.Controls => FormattableString.Invariant($"controls on features of {step.Total / 2} images"),
        RunStepKind.Auditing => FormattableString.Invariant($"maps of {step.Total} images audited"),
        RunStepKind.Randomising => FormattableString.Invariant($"{step.Total} layers randomised"),
        _ => FormattableString.Invariant($"{step.Total} images explained"),
    };
}

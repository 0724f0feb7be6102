using CovidCt.Progress;
using Spectre.Console;

namespace CovidCt.Cli.Output;

/// <summary>Shows work step by step: a bar to a person, a line a step to a file.</summary>
internal sealed class StepDisplay : IProgress<StepProgress>
{
    private readonly ConsoleOutput _console;
    private readonly string _prefix;
    private readonly ProgressContext? _context;
    private readonly Dictionary<StepKind, ProgressTask> _bars = [];
    private readonly HashSet<StepKind> _told = [];

    internal StepDisplay(ConsoleOutput console, string? name, ProgressContext? context) =>
        (_console, _prefix, _context) = (console, name is null ? "" : $"{name}: ", context);

    /// <summary>Does work with its progress on the display.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="name">The network or run that is worked on; null where it is a data set, whose bars go when it is done.</param>
    /// <param name="work">The work.</param>
    public static T Show<T>(ConsoleOutput console, string? name, Func<IProgress<StepProgress>, T> work)
    {
        if (!console.IsInteractive)
        {
            return work(new StepDisplay(console, name, null));
        }

        return console.Human.Progress()
            .AutoClear(name is null)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => work(new StepDisplay(console, name, context)));
    }

    public void Report(StepProgress value)
    {
        if (_context is not null)
        {
            if (!_bars.TryGetValue(value.Kind, out var bar))
            {
                _bars[value.Kind] = bar = _context.AddTask(Markup.Escape($"{_prefix}{Doing(value.Kind)}"), maxValue: value.Total);
            }

            bar.Value(value.Done);
        }
        else if (value.Done == value.Total && _told.Add(value.Kind))
        {
            _console.Line($"{_prefix}{Done(value)}");
        }
    }

    private static string Doing(StepKind kind) => kind switch
    {
        StepKind.Auditing => "auditing maps",
        StepKind.Randomising => "randomising layers",
        StepKind.Predictions => "reading predictions",
        StepKind.Testing => "asking the network",
        _ => kind.ToString().ToLowerInvariant(),
    };

    private static string Done(StepProgress step) => step.Kind switch
    {
        StepKind.Reading => FormattableString.Invariant($"read {step.Total} images"),
        StepKind.Comparing => FormattableString.Invariant($"compared {step.Total} images"),
        StepKind.Probing => FormattableString.Invariant($"probed {step.Total} sets of features"),
        StepKind.Decoding => FormattableString.Invariant($"decoded {step.Total} images"),
        StepKind.Features => FormattableString.Invariant($"features of {step.Total} images"),
        StepKind.Embedding => FormattableString.Invariant($"embedded in {step.Total} iterations"),
        StepKind.Controls => FormattableString.Invariant($"controls on features of {step.Total} images"),
        StepKind.Auditing => FormattableString.Invariant($"maps of {step.Total} images audited"),
        StepKind.Predictions => FormattableString.Invariant($"read {step.Total} KiB of predictions"),
        StepKind.Testing => FormattableString.Invariant($"answered about {step.Total} images"),
        StepKind.Quantising => FormattableString.Invariant($"ranges found in {step.Total} passes of training images"),
        StepKind.Judging => "computed figures, intervals and differences",
        StepKind.Randomising => FormattableString.Invariant($"{step.Total} layers randomised"),
        _ => FormattableString.Invariant($"{step.Total} images explained"),
    };
}

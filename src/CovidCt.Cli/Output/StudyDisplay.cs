using System.Diagnostics;
using System.Globalization;
using CovidCt.Progress;
using CovidCt.Studies;
using Spectre.Console;

namespace CovidCt.Cli.Output;

/// <summary>Shows a study's progress: bars to a person, one line an epoch to a file.</summary>
internal sealed class StudyDisplay(ConsoleOutput console) : IProgress<StudyProgress>
{
    private readonly Dictionary<string, ProgressTask> _bars = [];
    private readonly Dictionary<(string Network, int Fold), double> _shares = [];
    private readonly Dictionary<string, StepDisplay> _works = [];
    private Stopwatch _clock = Stopwatch.StartNew();
    private ProgressContext? _context;

    /// <summary>Runs work with its progress on the display.</summary>
    public static T Show<T>(ConsoleOutput console, Func<IProgress<StudyProgress>, T> work)
    {
        var display = new StudyDisplay(console);
        if (!console.IsInteractive)
        {
            return work(display);
        }

        return console.Human.Progress()
            .AutoClear(false)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                display._context = context;
                return work(display);
            });
    }

    public void Report(StudyProgress value)
    {
        switch (value)
        {
            case StepProgress { Kind: StepKind.Decoding } decoding:
                Bar("images", decoding.Total)?.Value(decoding.Done);
                Plain(decoding.Done == decoding.Total, $"decoded {decoding.Total} images");
                break;
            case Study.FoldsDrawn drawn:
                console.LineAboveProgress($"test parts: {string.Join("; ", FoldBalance.Of(drawn.Rows))}");
                break;
            case Study.FoldProgress fold:
                ShowTraining(fold);
                break;
            case Study.FoldFinished finished:
                ShowFinished(finished);
                break;
            case Study.WeightsFound found:
                console.LineAboveProgress(found.Match.ToString());
                break;
            case Study.RunHeld held:
                var begun = held.Since is { } since ? Text($", since {since.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC") : "";
                console.LineAboveProgress(
                    $"{held.Run} is trained by {held.Holder}{begun}; {(held.IsWaitedFor ? "waiting for it" : "passed over")}");
                break;
            case Study.ControlBegun control:
                Begin($"Control: {control.Name}");
                break;
            case Study.SeedBegun seed:
                Begin(Text($"Seed {seed.Repetition + 1} of {seed.Seeds}"));
                break;
            case Study.RecipeBegun recipe:
                Begin(Text($"Recipe {recipe.Name}, {recipe.Number + 1} of {recipe.Recipes}"));
                break;
            case StepProgress step:
                ShowStep(step);
                break;
            case Study.Warning warning:
                console.Warning(warning.Message);
                break;
            default:
                break;
        }
    }

    /// <summary>A control or a further seed is a study of its own: its bars and its clock begin anew.</summary>
    private void Begin(string what)
    {
        _bars.Clear();
        _shares.Clear();
        _clock = Stopwatch.StartNew();
        console.LineAboveProgress(what);
    }

    private void ShowStep(StepProgress step)
    {
        var name = step.Name ?? "";
        if (!_works.TryGetValue(name, out var display))
        {
            _works[name] = display = new(console, step.Name, _context);
        }

        display.Report(step);
    }

    private void ShowTraining(Study.FoldProgress fold)
    {
        if (Bar(fold.Network, fold.Folds) is { } bar)
        {
            bar.Value(Share(fold.Network, fold.Fold, (fold.Epoch + ((double)fold.Step / fold.Steps)) / fold.Epochs));
            bar.Description = Text(
                $"{fold.Network}, fold {fold.Fold + 1} of {fold.Folds}, epoch {fold.Epoch + 1} of {fold.Epochs}");
        }

        if (fold.Finished is { } epoch)
        {
            Plain(true, string.Create(CultureInfo.InvariantCulture,
                $"{fold.Network}  fold {fold.Fold + 1}/{fold.Folds}  epoch {epoch.Epoch + 1}/{fold.Epochs}  "
                    + $"rate {epoch.LearningRate:0.##e+0}  loss {epoch.Loss:0.0000}  "
                    + $"training accuracy {epoch.Accuracy:0.000}  {epoch.Seconds:0.0} s"));
        }
    }

    private void ShowFinished(Study.FoldFinished finished)
    {
        var (result, figures) = (finished.Result, finished.Result.Figures);
        Bar(finished.Network, finished.Folds)?.Value(Share(finished.Network, result.Fold, 1));
        console.LineAboveProgress(string.Create(CultureInfo.InvariantCulture,
            $"{finished.Network}  fold {result.Fold + 1}/{finished.Folds}  {(finished.WasFinished ? "was finished" : "done")}: "
                + $"accuracy {Figure(figures.Accuracy)}, sensitivity {Figure(figures.Sensitivity)}, "
                + $"specificity {Figure(figures.Specificity)}, AUC {Figure(figures.Auc)}  ({_clock.Elapsed:h\\:mm\\:ss} since the start)"));
    }

    /// <summary>How many folds of a network are done, and shares of those under way.</summary>
    private double Share(string network, int fold, double done)
    {
        _shares[(network, fold)] = done;
        return _shares.Where(share => share.Key.Network == network).Sum(share => share.Value);
    }

    private ProgressTask? Bar(string name, double total)
    {
        if (_context is null)
        {
            return null;
        }

        if (!_bars.TryGetValue(name, out var bar))
        {
            _bars[name] = bar = _context.AddTask(name, maxValue: total);
        }

        return bar;
    }

    private void Plain(bool show, string line)
    {
        if (show && _context is null)
        {
            console.Line(line);
        }
    }

    private static string Figure(double? value) => value?.ToString("0.000", CultureInfo.InvariantCulture) ?? "undefined";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

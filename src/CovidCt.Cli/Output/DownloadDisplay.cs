using System.Diagnostics;
using System.Globalization;
using CovidCt.Networks;
using CovidCt.Weights;
using Spectre.Console;

namespace CovidCt.Cli.Output;

/// <summary>Fetches published weights and shows how far they are: bars to a person, a line now and then to a file.</summary>
internal sealed class DownloadDisplay(ConsoleOutput console, PublishedWeights weights, ProgressTask? bar) : IProgress<DownloadProgress>
{
    private const double Mebibyte = 1 << 20;
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(5);

    private readonly Stopwatch _sinceLine = Stopwatch.StartNew();
    private DownloadStep? _step;

    /// <summary>Fetches what is missing, one after the other.</summary>
    /// <returns>The paths, in the order asked for.</returns>
    public static IReadOnlyList<string> Fetch(
        ConsoleOutput console, WeightsStore store, IReadOnlyList<PublishedWeights> wanted, CancellationToken cancellationToken)
    {
        if (!console.IsInteractive)
        {
            return FetchAll(_ => null);
        }

        return console.Human.Progress()
            .AutoClear(false)
            .Columns(
                new TaskDescriptionColumn(),
                new ProgressBarColumn(),
                new DownloadedColumn(),
                new TransferSpeedColumn(),
                new RemainingTimeColumn())
            .Start(context => FetchAll(weights => context.AddTask(Markup.Escape(weights.FileName), maxValue: weights.MaximumSize)));

        List<string> FetchAll(Func<PublishedWeights, ProgressTask?> bar)
        {
            var paths = new List<string>();
            foreach (var weights in wanted)
            {
                // The command line has nothing else to do meanwhile.
                paths.Add(
                    store.FetchAsync(weights, new DownloadDisplay(console, weights, bar(weights)), cancellationToken).GetAwaiter()
                        .GetResult());
                console.LineAboveProgress($"{weights.Network}/{weights.Id}: {paths[^1]}");
            }

            return paths;
        }
    }

    public void Report(DownloadProgress value)
    {
        if (value.Total is { } total)
        {
            bar?.MaxValue(total);
        }

        bar?.Value(value.Bytes);
        var isNews = value.Step != _step && value.Step != DownloadStep.Verifying;
        if (value.Reason is { } reason)
        {
            var next = value.Pause > TimeSpan.Zero ? Text($" The next try is in {value.Pause.TotalSeconds:0.#} s.") : "";
            console.Warning($"{weights.FileName}: {reason}{next}");
        }
        else if (value.Step == DownloadStep.WaitingForOther && isNews)
        {
            console.LineAboveProgress($"{weights.FileName}: another process is fetching it; waiting.");
        }
        else if (value.Step == DownloadStep.Downloading && bar is null && (isNews || _sinceLine.Elapsed > LineEvery))
        {
            console.Line(
                Text($"{weights.FileName}: {value.Bytes / Mebibyte:0.0} of {(value.Total ?? weights.MaximumSize) / Mebibyte:0.0} MiB"));
            _sinceLine.Restart();
        }

        _step = value.Step;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

using System.Diagnostics;
using System.Globalization;
using CovidCt.Benchmarks.Kit;
using CovidCt.Benchmarks.Works;

namespace CovidCt.Benchmarks.Comparison;

/// <summary><c>compare</c>: works here and in Python in turn, and the table of their ratios.</summary>
internal static class CompareCommand
{
    public static string Usage =>
        "compare [WORK|WORK/CASE ...] [rounds=3] [threads=2] [against=FILE] [--save]: ours, Python's and .NET's others in turn, and the table of ratios, saved to "
        + "benchmarks/RESULTS.md; against=.../CovidCt.Benchmarks.dll puts another build of ours in Python's place; works: "
        + $"{string.Join(", ", AllWorks.List.Select(work => work.Name))}; without a name those of the card, or, where there is none, of the processor";

    public static int Run(string[] arguments)
    {
        using var cancellation = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            cancellation.Cancel();
        };
        try
        {
            return Compare(Request.Parse(arguments), string.Join(' ', arguments), cancellation.Token);
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Cancelled.");
            return 130;
        }
    }

    private static int Compare(Request request, string command, CancellationToken cancellationToken)
    {
        using var data = BenchmarkData.Open(cancellationToken);
        var rounds = new Rounds(request.Rounds, request.Threads, data, Console.Error, cancellationToken);
        string[] facts =
        [
            $"`dotnet run --project benchmarks/CovidCt.Benchmarks -c Release -- compare {command}`, {DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC,",
            $"{request.Rounds} {(request.Rounds == 1 ? "round" : "rounds")}, {request.Threads} threads a side, load at the start {Machine.Load ?? "unknown"}.",
            $"{Machine.Description}.",
            $"{Machine.Versions}.{(request.HasPeer ? $" {rounds.PeerVersions()}." : "")}",
        ];
        var about = string.Join('\n', facts);
        Console.WriteLine(about);
        var clock = Stopwatch.StartNew();
        var failed = false;
        foreach (var (work, cases) in request.Works)
        {
            var outcomes = cases.Select(row => rounds.Run(work, row)).ToList();
            failed |= outcomes.Exists(outcome => outcome.Failure is not null);
            var table = ResultTable.Of(work, outcomes);
            Console.WriteLine($"\n## {work.Name}\n\n{table}");
            if (request.IsSaved)
            {
                ResultsFile.Put(work.Name, $"{table}\n{about}", [.. AllWorks.List.Select(known => known.Name)]);
            }
        }

        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"It took {clock.Elapsed.TotalMinutes:0.0} minutes."));
        return failed ? 1 : 0;
    }

    private sealed record Request(
        IReadOnlyList<(ComparedWork Work, IReadOnlyList<WorkCase> Cases)> Works, int Rounds, int Threads, string? OtherBuild, bool IsSaved)
    {
        public bool HasPeer => OtherBuild is null && Works.Any(part => part.Cases.Any(row => row.Ask is not null));

        /// <exception cref="ArgumentException">There is no such work or option; the message lists those there are.</exception>
        public static Request Parse(string[] arguments)
        {
            var (rounds, threads, isSaved) = (3, 2, false);
            string? otherBuild = null;
            List<string> names = [];
            foreach (var argument in arguments)
            {
                switch (argument.Split('='))
                {
                    case ["rounds", var number]:
                        rounds = Number(argument, number);
                        break;
                    case ["threads", var number]:
                        threads = Number(argument, number);
                        break;
                    case ["against", var file]:
                        otherBuild = File.Exists(file)
                            ? Path.GetFullPath(file)
                            : throw new ArgumentException($"{argument}: there is no such file. Give the CovidCt.Benchmarks.dll of another build.");
                        break;
                    case ["--save"]:
                        isSaved = true;
                        break;
                    default:
                        names.Add(argument);
                        break;
                }
            }

            if (isSaved && (otherBuild is not null || names.Exists(name => name.Contains('/', StringComparison.Ordinal))))
            {
                throw new ArgumentException("--save puts whole tables beside Python into benchmarks/RESULTS.md: name works without a case, and no other build.");
            }

            var works = names.Count == 0 ? [.. AllWorks.Usual.Select(work => (work, work.Cases))] : Chosen(names);
            return new(otherBuild is null ? works : [.. works.Select(part => Against(part, otherBuild))], rounds, threads, otherBuild, isSaved);
        }

        private static (ComparedWork, IReadOnlyList<WorkCase>) Against((ComparedWork Work, IReadOnlyList<WorkCase> Cases) part, string build) =>
            (part.Work.Against(build), [.. part.Cases.Select(row => row.Against(build))]);

        /// <summary>Works in the order that they were first named in, each with all of its cases that were named.</summary>
        private static IReadOnlyList<(ComparedWork, IReadOnlyList<WorkCase>)> Chosen(List<string> names) =>
        [
            .. names.Select(Find).GroupBy(part => part.Work)
                .Select(parts => (parts.Key, (IReadOnlyList<WorkCase>)[.. parts.SelectMany(part => part.Cases).Distinct()])),
        ];

        private static (ComparedWork Work, IReadOnlyList<WorkCase> Cases) Find(string name)
        {
            var parts = name.Split('/', 2);
            var work = AllWorks.Find(parts[0]);
            if (work.OnCuda && !Card.IsThere)
            {
                throw new ArgumentException($"{work.Name} needs a CUDA card, and libtorch finds none: see `covidct doctor`.");
            }

            WorkCase[] cases = [.. work.Cases.Where(row => parts.Length == 1 || row.Name == parts[1])];
            return cases.Length > 0
                ? (work, cases)
                : throw new ArgumentException($"{work.Name} has no case '{parts[1]}'. It has: {string.Join("; ", work.Cases.Select(row => row.Name))}.");
        }

        private static int Number(string argument, string text) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
                ? number
                : throw new ArgumentException($"{argument}: give a whole number of at least 1.");
    }
}

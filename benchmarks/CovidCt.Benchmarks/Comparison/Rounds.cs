using System.Text.Json;
using System.Text.Json.Nodes;
using CovidCt.Benchmarks.Kit;

namespace CovidCt.Benchmarks.Comparison;

/// <summary>Measures the sides of a row in turn, so that the machine's noise hits all alike.</summary>
internal sealed class Rounds(int count, int threads, BenchmarkData data, TextWriter progress, CancellationToken cancellationToken)
{
    // The memory of both sides, and .NET's compiled code, settle in the third step of a training.
    private const int WarmUps = 3;

    // OpenMP's threads spin for some milliseconds after the last parallel loop before they sleep.
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(50);

    /// <summary>What Python and its modules are, to be asked before anything else.</summary>
    /// <exception cref="PeerException">Python or a module is missing.</exception>
    public string PeerVersions()
    {
        try
        {
            using var side = Side.Python(threads, cancellationToken);
            var versions = side.Ask(new() { ["do"] = "versions" }).AsObject();
            return string.Join(", ", versions.Select(entry => $"{entry.Key} {entry.Value}"));
        }
        catch (PeerException e)
        {
            throw new PeerException($"The peer needs torch, torchvision and Pillow in python3, or in the Python that COVIDCT_PYTHON names. {e.Message}");
        }
    }

    /// <summary>Runs all rounds of a row; a side that fails is told in the outcome.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Outcome Run(ComparedWork work, WorkCase row)
    {
        progress.Write($"{work.Name}/{row.Name}:");
        try
        {
            return work.IsFresh ? Fresh(work, row) : Warm(work, row);
        }
        catch (PeerException e)
        {
            progress.Write($" {e.Message}");
            return Outcome.Failed(row, e.Message);
        }
        finally
        {
            progress.WriteLine();
        }
    }

    private Outcome Warm(ComparedWork work, WorkCase row)
    {
        List<Side> sides = [];
        try
        {
            // Set up all at once, which isn't timed; measured one at a time.
            foreach (var (start, request) in Requests(work, row))
            {
                sides.Add(start());
                sides[^1].Tell(request);
            }

            sides.ForEach(side => side.Hear());
            for (var i = 0; i < WarmUps; i++)
            {
                Round(row, sides, "warm-up");
            }

            return Collect(row, [.. Enumerable.Range(1, count).Select(round => Round(row, sides, $"{round}"))]);
        }
        finally
        {
            sides.ForEach(side => side.Dispose());
        }
    }

    private Outcome Fresh(ComparedWork work, WorkCase row) => Collect(row, [.. Enumerable.Range(1, count).Select(round =>
    {
        List<double> figures = [];
        foreach (var (start, request) in Requests(work, row))
        {
            using var side = start();
            side.Ask(request);
            figures.AddRange(Round(row, [side], figures.Count == 0 ? $"{round}" : null));
        }

        return figures.ToArray();
    })]);

    private double[] Round(WorkCase row, List<Side> sides, string? name)
    {
        progress.Write(name is null ? "" : $" [{name}]");
        return [.. sides.Select(side =>
        {
            cancellationToken.WaitHandle.WaitOne(Rest);
            cancellationToken.ThrowIfCancellationRequested();
            var figure = side.Measure();
            progress.Write($" {ResultTable.Figure(figure)}");
            progress.Flush();
            return figure;
        })];
    }

    private static Outcome Collect(WorkCase row, double[][] rounds)
    {
        return new(row, Column(0), [.. Enumerable.Range(1, rounds[0].Length - 1).Select(Column)]);

        double[] Column(int side) => [.. rounds.Select(round => round[side])];
    }

    /// <summary>Ours, and the peer's by each of its ways: who is asked, and what.</summary>
    private IEnumerable<(Func<Side> Start, JsonObject Request)> Requests(ComparedWork work, WorkCase row)
    {
        yield return (() => Side.Here("ours", threads, cancellationToken), OwnRequest(work, row));
        if (row.Ask is null)
        {
            yield break;
        }

        foreach (var peer in row.Peers)
        {
            if (peer.Build is { } build)
            {
                yield return (() => Side.Build(build, threads, cancellationToken), OwnRequest(work, row));
                continue;
            }

            if (row.InDotnet.ContainsKey(peer))
            {
                yield return (() => Side.Here(peer.Name, threads, cancellationToken), OwnRequest(work, row, peer.Name));
                continue;
            }

            var request = JsonSerializer.SerializeToNode(row.Ask(data))!.AsObject();
            request["do"] = "prepare";
            request["work"] = work.Module;
            request["channels_last"] = peer.IsChannelsLast;
            request["autocast"] = peer.IsAutocast;
            request["compiled"] = peer.IsCompiled;
            request["device"] = work.OnCuda ? "cuda" : "cpu";
            yield return (() => Side.Python(threads, cancellationToken), request);
        }
    }

    private JsonObject OwnRequest(ComparedWork work, WorkCase row, string? peer = null) =>
        new() { ["do"] = "prepare", ["work"] = work.Name, ["case"] = row.Name, ["peer"] = peer, ["data"] = data.Folder };
}

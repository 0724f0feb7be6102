using System.Globalization;
using System.Text;

namespace CovidCt.Benchmarks.Comparison;

/// <summary>The outcomes of one work as a table in Markdown.</summary>
internal static class ResultTable
{
    public static string Of(ComparedWork work, IReadOnlyList<Outcome> outcomes)
    {
        PeerVariant[] peers = [.. outcomes.Where(outcome => outcome.Case.Ask is not null).SelectMany(outcome => outcome.Case.Peers).Distinct()];
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{work.Title} {Explained(work, peers)}").AppendLine();

        List<string> heads = ["", $"ours, {work.Unit}"];
        heads.AddRange(peers.SelectMany(peer => new[] { $"{peer.Name}, {work.Unit}", "ratio" }));
        heads.Add("goal");
        Line(heads);
        Line(heads.Select(_ => "---"));
        foreach (var outcome in outcomes)
        {
            Line(Row(work, outcome, peers));
        }

        var complete = outcomes.Where(outcome => outcome.Failure is null).ToList();
        if (work.MeanGoal is { } goal && complete.Count > 1)
        {
            List<string> cells = [$"geometric mean of {complete.Count}", ""];
            cells.AddRange(peers.SelectMany(peer => new[] { "", Mean(peer) is { } mean ? Ratio(mean) : "" }));
            cells.Add(Mean(peers[0]) is { } judged ? Verdict(new(goal), judged) : "");
            Line(cells);

            double? Mean(PeerVariant peer) => complete.TrueForAll(outcome => outcome.By(peer) is not null)
                ? GeometricMean(complete.Select(outcome => Median(work, outcome, peer)))
                : null;
        }

        foreach (var further in work.Further.Where(further => complete.Exists(outcome => outcome.By(further.Peer) is not null)))
        {
            text.AppendLine().AppendLine(Sentence(work, further, [.. complete.Where(outcome => outcome.By(further.Peer) is not null)]));
        }

        return text.ToString();

        void Line(IEnumerable<string> cells) => text.AppendLine(CultureInfo.InvariantCulture, $"| {string.Join(" | ", cells)} |");
    }

    /// <summary>Four digits, and whole numbers beyond them.</summary>
    public static string Figure(double value)
    {
        var digits = Math.Clamp(3 - (int)Math.Floor(Math.Log10(Math.Max(Math.Abs(value), 1e-6))), 0, 6);
        return value.ToString($"F{digits}", CultureInfo.InvariantCulture);
    }

    private static string Explained(ComparedWork work, PeerVariant[] peers)
    {
        if (peers.Length == 0)
        {
            return "Medians, least and greatest in brackets.";
        }

        var peer = Array.TrueForAll(peers, other => other.Build is not null) ? "the other build's" : "the peer's";
        return $"Medians; ratios are {(work.OursOverPeer ? $"ours over {peer}" : $"{peer} over ours")}: "
            + "the median of the rounds, least and greatest in brackets.";
    }

    private static string Sentence(ComparedWork work, Comparison further, List<Outcome> outcomes)
    {
        var (least, ratio) = outcomes.Select(outcome => (outcome.Case.Name, Ratio: Median(work, outcome, further.Peer, further.Ours))).MinBy(row => row.Ratio);
        var mean = GeometricMean(outcomes.Select(outcome => Median(work, outcome, further.Peer, further.Ours)));
        var each = further.LeastGoal is { } goal ? $", {Verdict(new(goal), ratio)}" : "";
        return $"{further.Peer.Name} over {further.Ours?.Name ?? "ours"}: geometric mean of {outcomes.Count} {Ratio(mean)}, "
            + $"{Verdict(new(further.MeanGoal), mean)}; least {Ratio(ratio)} ({least}){each}.";
    }

    private static double Median(ComparedWork work, Outcome outcome, PeerVariant peer, PeerVariant? ours = null) =>
        Outcome.Median(Outcome.Ratios(work, ours is null ? outcome.Ours : outcome.By(ours)!, outcome.By(peer)!));

    private static List<string> Row(ComparedWork work, Outcome outcome, PeerVariant[] peers)
    {
        if (outcome.Failure is { } failure)
        {
            return [outcome.Case.Name, $"failed: {failure.Replace('|', '/').ReplaceLineEndings(" ")}"];
        }

        var own = Outcome.Median(outcome.Ours);
        var judged = outcome.Case.Ask is null ? own : Outcome.Median(Outcome.Ratios(work, outcome.Ours, outcome.Theirs[0]));
        List<string> cells = [outcome.Case.Name, outcome.Case.Ask is null ? Spread(outcome.Ours, Figure) : Figure(own)];
        cells.AddRange(peers.SelectMany(peer => Against(outcome.By(peer))));
        cells.Add(outcome.Case.Goal is { } goal ? Verdict(goal, judged) : "");
        return cells;

        IEnumerable<string> Against(IReadOnlyList<double>? theirs) => theirs is null
            ? ["", ""]
            : [Figure(Outcome.Median(theirs)), Spread(Outcome.Ratios(work, outcome.Ours, theirs), Ratio)];
    }

    private static string Spread(IReadOnlyList<double> values, Func<double, string> format) =>
        $"{format(Outcome.Median(values))} ({format(values.Min())}–{format(values.Max())})";

    private static string Ratio(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Verdict(Goal goal, double value) => string.Create(
        CultureInfo.InvariantCulture, $"{(goal.AtMost ? "at most" : "at least")} {goal.Bound}: {(goal.IsMet(value) ? "met" : "missed")}");

    private static double GeometricMean(IEnumerable<double> values) => Math.Exp(values.Average(Math.Log));
}

using System.Globalization;
using CovidCt.Data;

namespace CovidCt.Records;

/// <summary>Writes and reads <c>plan.csv</c>: <c>run,part,network,fold,cost</c>, dearest first.</summary>
internal static class PlanCsv
{
    private static readonly string[] Header = ["run", "part", "network", "fold", "cost"];

    /// <summary>Writes the file, which is whole or not there.</summary>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void Write(string path, StudyPlan plan) => Csv.Write(path, Header, plan.Runs.Select(run => new[]
    {
        run.Name,
        run.Part,
        run.Network,
        run.Fold.ToString(CultureInfo.InvariantCulture),
        run.Cost?.ToString(CultureInfo.InvariantCulture) ?? "",
    }));

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">Not such a file; the message names it, the line and the fault.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static StudyPlan Read(string path)
    {
        var runs = Csv.Read(path, Header).Select(record => RunOf(path, record.Line, record.Fields)).ToList();
        return runs.Count > 0 ? new(runs) : throw new InvalidDataException($"{path} lists no run.");
    }

    private static PlannedRun RunOf(string path, int line, IReadOnlyList<string> fields)
    {
        if (!int.TryParse(fields[3], NumberStyles.None, CultureInfo.InvariantCulture, out var fold))
        {
            throw new InvalidDataException($"{path}, line {line}: the fold '{fields[3]}' is no whole number from 0.");
        }

        double? cost = fields[4].Length == 0 ? null
            : double.TryParse(fields[4], CultureInfo.InvariantCulture, out var known) ? known
            : throw new InvalidDataException($"{path}, line {line}: the cost '{fields[4]}' is no number.");
        var run = new PlannedRun(fields[1], fields[2], fold, cost);
        return run.Name == fields[0] ? run
            : throw new InvalidDataException($"{path}, line {line}: the run '{fields[0]}' is not {run.Name}, as its other columns say.");
    }
}

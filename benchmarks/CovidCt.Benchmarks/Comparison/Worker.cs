using System.Text.Json.Nodes;
using CovidCt.Benchmarks.Kit;
using CovidCt.Benchmarks.Works;

namespace CovidCt.Benchmarks.Comparison;

/// <summary>Our side of a comparison: a process that is asked by lines of JSON, as peers/compared/worker.py is.</summary>
internal static class Worker
{
    public static int Run()
    {
        // What libraries print shall not mix with the answers.
        var answers = Console.Out;
        Console.SetOut(Console.Error);
        Measurement? current = null;
        while (Console.In.ReadLine() is { } line)
        {
            answers.WriteLine(Answer(JsonNode.Parse(line)!, ref current).ToJsonString());
            answers.Flush();
        }

        current?.Dispose();
        return 0;
    }

    private static JsonObject Answer(JsonNode request, ref Measurement? current)
    {
        try
        {
            if (Text(request, "do") == "measure")
            {
                return new() { ["value"] = current!.Value() };
            }

            current?.Dispose();
            var work = AllWorks.Find(Text(request, "work"));
            current = work.Cases.First(row => row.Name == Text(request, "case"))
                .SetUp(request["peer"]?.GetValue<string>(), new BenchmarkData(Text(request, "data")));
            return new() { ["ready"] = true };
        }
#pragma warning disable CA1031 // Whatever went wrong is answered: the process that asked says it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new() { ["error"] = $"{e.GetType().Name}: {e.Message}" };
        }
    }

    private static string Text(JsonNode request, string name) => request[name]!.GetValue<string>();
}

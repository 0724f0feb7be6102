using System.CommandLine;
using System.Text.Json.Nodes;
using CovidCt.Cli.Output;
using CovidCt.Models.Runtime;
using TorchSharp;

namespace CovidCt.Cli.Commands;

/// <summary><c>covidct doctor</c>: what was found on this machine, and what to do about what wasn't.</summary>
internal static class DoctorCommand
{
    private sealed record Finding(string Name, bool Ok, string Detail, string? Remedy = null);

    public static Command Create(ConsoleOutput console)
    {
        var command = new Command("doctor", "Checks that this machine can run CovidCt, and says what to do if not.") { SharedOptions.Json() };
        command.SetAction(_ =>
        {
            var findings = Examine().ToList();
            var healthy = findings.TrueForAll(finding => finding.Ok);
            if (console.IsJson)
            {
                ConsoleOutput.Json(new JsonObject
                {
                    ["healthy"] = healthy,
                    ["findings"] = new JsonArray([.. findings.Select(Json)]),
                });
            }
            else
            {
                Print(console, findings);
            }

            return TorchRuntime.Report.Failure is null ? ExitCodes.Done : ExitCodes.NativeRuntimeMissing;
        });
        return command;
    }

    private static IEnumerable<Finding> Examine()
    {
        yield return new("runtime", true, $".NET {Environment.Version} on {System.Runtime.InteropServices.RuntimeInformation.OSDescription}");
        var report = TorchRuntime.Report;
        if (report.Failure is { } failure)
        {
            yield return new("libtorch", false, "not loaded", failure);
        }
        else
        {
            yield return new("libtorch", true, $"{torch.__version__} from {report.LibtorchFolder ?? "the system's search path"}");
            yield return new("native part", true, report.NativePart ?? "loaded by TorchSharp");
            yield return new("compatibility copy", true, report.UsesCompatibilityCopy
                ? "in use: this system's libstdc++ is older than TorchSharp was built with"
                : "not needed");
            yield return new("threads", true, $"{torch.get_num_threads()} of {Environment.ProcessorCount} cores");
            yield return new("devices", true, torch.cuda.is_available() ? $"cpu, {torch.cuda.device_count()} × cuda" : "cpu (libtorch finds no CUDA card)");
        }

        yield return CacheFolder();
    }

    private static Finding CacheFolder()
    {
        var folder = TorchRuntime.CacheFolder;
        try
        {
            Directory.CreateDirectory(folder);
            var probe = Path.Combine(folder, $".{Guid.NewGuid():N}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return new("cache folder", true, folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new("cache folder", false, $"{folder} can't be written: {e.Message}", "Set COVIDCT_CACHE to a folder that you can write.");
        }
    }

    private static void Print(ConsoleOutput console, IEnumerable<Finding> findings)
    {
        foreach (var finding in findings)
        {
            console.Line($"{(finding.Ok ? "ok  " : "FAIL")}  {finding.Name,-20}{finding.Detail}");
            if (finding.Remedy is { } remedy)
            {
                console.Line($"      {"",-20}{remedy}");
            }
        }
    }

    private static JsonObject Json(Finding finding) => new()
    {
        ["name"] = finding.Name,
        ["ok"] = finding.Ok,
        ["detail"] = finding.Detail,
        ["remedy"] = finding.Remedy,
    };
}

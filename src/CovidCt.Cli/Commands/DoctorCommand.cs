using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using CovidCt.Cli.Output;
using CovidCt.Imaging;
using CovidCt.Models.Runtime;
using SkiaSharp;
using TorchSharp;

namespace CovidCt.Cli.Commands;

/// <summary><c>covidct doctor</c>: what was found on this machine, and what to do about what wasn't.</summary>
internal static class DoctorCommand
{
    private sealed record Finding(string Name, bool Ok, string Detail, string? Remedy = null);

    public static Command Create(ConsoleOutput console)
    {
        var command = new Command(
            "doctor", "Checks that this machine can run CovidCt, and says what to do if not.") { SharedOptions.Json() };
        command.SetAction(_ =>
        {
            var runtime = Show(console, Runtime());
            var others = Show(console, [CacheFolder()]);
            if (console.IsJson)
            {
                console.Json(new JsonObject
                {
                    ["healthy"] = runtime.Concat(others).All(finding => finding.Ok),
                    ["findings"] = new JsonArray([.. runtime.Concat(others).Select(Json)]),
                });
            }

            return runtime.All(finding => finding.Ok) ? ExitCodes.Done : ExitCodes.NativeRuntimeMissing;
        });
        return command;
    }

    /// <summary>Prints each finding as soon as it is there: a libtorch that doesn't fit may end the process.</summary>
    private static List<Finding> Show(ConsoleOutput console, IEnumerable<Finding> findings)
    {
        var shown = new List<Finding>();
        foreach (var finding in findings)
        {
            shown.Add(finding);
            if (!console.IsJson)
            {
                Print(console, finding);
            }
        }

        return shown;
    }

    private static IEnumerable<Finding> Runtime()
    {
        yield return new("runtime", true, $".NET {Environment.Version} on {RuntimeInformation.OSDescription}");
        yield return Pictures();
        var report = TorchRuntime.Report;
        if (report.Failure is { } failure)
        {
            yield return new("libtorch", false, "not loaded", Remedy.OfRuntime(failure));
            yield break;
        }

        yield return new("libtorch", true, report.IsChosen
            ? $"{report.LibtorchVersion ?? "of unknown version"} from {report.LibtorchFolder}, which COVIDCT_LIBTORCH names"
            : $"{torch.__version__} from {report.LibtorchFolder}, beside the application; COVIDCT_LIBTORCH is not set");
        yield return Symbols();
        yield return new("CUDA part", true, report.CudaPart ?? "none: this libtorch is for the processor alone");
        yield return new("native part", true, report.NativePart ?? "loaded by TorchSharp");
        yield return new("compatibility copy", true, report.UsesCompatibilityCopy
            ? "in use: this system's libstdc++ is older than TorchSharp was built with"
            : "not needed");
        yield return new("threads", true, $"{torch.get_num_threads()} of {Environment.ProcessorCount} cores");
        var hasCard = torch.cuda.is_available();
        yield return new("devices", true, hasCard ? $"cpu, {torch.cuda.device_count()} × cuda" : "cpu (libtorch finds no CUDA card)");
        yield return SelfTest(torch.CPU);
        if (hasCard)
        {
            yield return SelfTest(torch.CUDA);
        }

        if (LoadedLibraries.ThatMustBeSingle() is { } libraries)
        {
            yield return LoadedOnce(libraries);
        }
    }

    private static Finding Pictures()
    {
        try
        {
            _ = new SkiaImageDecoder();
            return new("SkiaSharp", true, $"native part {SkiaSharpVersion.Native}");
        }
        catch (DllNotFoundException e)
        {
            return new("SkiaSharp", false, "not loaded", e.Message);
        }
    }

    private static Finding Symbols()
    {
        const string name = "symbols";
        try
        {
            return TorchRuntime.ResolveSymbols() switch
            {
                { SymbolsNeeded: null } => new(name, true, "not looked up on this system"),
                { SymbolsMissing: [] } all => new(name, true, $"{all.SymbolsNeeded} of {all.SymbolsNeeded} resolved: " + string.Join(
                    ", ",
                    all.SymbolsByLibrary.Where(file => file.Symbols > 0).Select(file => $"{file.Symbols} in {file.Name}"))),
                { SymbolsMissing: var missing } some => new(
                    name, false, $"{missing.Count} of {some.SymbolsNeeded} missing, such as {string.Join(", ", missing.Take(3))}",
                    "This libtorch was not made for this TorchSharp: reference the libtorch package of TorchSharp's version."),
            };
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return new(name, false, e.Message, "Install that libtorch again.");
        }
    }

    private static Finding SelfTest(torch.Device device) => LibtorchSelfTest.Failure(device) is { } failure
        ? new(
            $"self-test on {device.type.ToString().ToLowerInvariant()}",
            false,
            failure,
            "This libtorch doesn't work with TorchSharp, or the device doesn't: take another libtorch.")
        : new(
            $"self-test on {device.type.ToString().ToLowerInvariant()}",
            true,
            "a convolution forward and backward gives the known numbers");

    private static Finding LoadedOnce(IReadOnlyList<string> libraries) => LoadedLibraries.Doubles(libraries).ToList() is [_, ..] doubles
        ? new(
            "loaded once",
            false,
            $"twice: {string.Join(", ", doubles)}",
            "Keep one of them where the application looks for libraries: its own folder and LD_LIBRARY_PATH.")
        : new("loaded once", true, string.Join(", ", libraries.Select(Path.GetFileName)));

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
            return new(
                "cache folder", false, $"{folder} can't be written: {e.Message}", "Set COVIDCT_CACHE to a folder that you can write.");
        }
    }

    private static void Print(ConsoleOutput console, Finding finding)
    {
        console.Line($"{(finding.Ok ? "ok  " : "FAIL")}  {finding.Name,-20}{finding.Detail}");
        if (finding.Remedy is { } remedy)
        {
            console.Line($"      {"",-20}{remedy}");
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

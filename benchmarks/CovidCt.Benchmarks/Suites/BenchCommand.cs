using BenchmarkDotNet.Running;
using CovidCt.Benchmarks.Comparison;
using CovidCt.Benchmarks.Kit;
using TorchSharp;

namespace CovidCt.Benchmarks.Suites;

/// <summary><c>bench</c>: BenchmarkDotNet's suites in this process, on CUDA where there is a card.</summary>
internal static class BenchCommand
{
    public const string Usage = "bench [--filter PATTERN ...] [--list flat]: BenchmarkDotNet's suites, all of them without a filter";

    public static int Run(string[] arguments)
    {
        Console.WriteLine($"On {Card.Device}, {torch.get_num_threads()} threads: {Machine.Description}. {Machine.Versions}. Load at the start: {Machine.Load ?? "unknown"}.");
        string[] given = arguments.Length == 0 ? ["--filter", "*"] : arguments;
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(BenchCommand).Assembly).Run(given, new SuiteConfig());
        return summaries.Any(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success)) ? 1 : 0;
    }
}

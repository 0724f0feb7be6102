using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using Perfolizer.Horology;

namespace CovidCt.Benchmarks.Suites;

/// <summary>
/// Three iterations in this process, after one to warm up: libtorch's folder is 500 MB, which a process for every benchmark
/// would bring along, and most benchmarks take seconds.
/// </summary>
internal sealed class SuiteConfig : ManualConfig
{
    private const int LongestName = 40;

    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    public SuiteConfig()
    {
        AddJob(Job.Default
            .WithToolchain(new InProcessNoEmitToolchain(Patience, logOutput: false))
            .WithWarmupCount(1)
            .WithIterationCount(3)
            .WithIterationTime(TimeInterval.FromMilliseconds(250))
            .WithMinInvokeCount(1)
            .WithUnrollFactor(1)
            .WithEvaluateOverhead(false));
        AddLogger(ConsoleLogger.Default);
        AddExporter(MarkdownExporter.GitHub);
        AddColumnProvider(DefaultColumnProviders.Instance);
        AddDiagnoser(MemoryDiagnoser.Default, new NativePeakDiagnoser());
        WithSummaryStyle(SummaryStyle.Default.WithMaxParameterColumnWidth(LongestName));
    }
}

using BenchmarkDotNet.Analysers;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Validators;

namespace CovidCt.Benchmarks.Suites;

/// <summary>
/// The peak of the process's resident memory from a benchmark's setup to its last iteration, above what was resident before:
/// tensors are native, and the managed figures don't see them. On Linux alone; elsewhere the column stays empty.
/// </summary>
internal sealed class NativePeakDiagnoser : IDiagnoser
{
    private readonly Dictionary<BenchmarkCase, long> _peaks = [];
    private long _before;

    public IEnumerable<string> Ids => [nameof(NativePeakDiagnoser)];

    public IEnumerable<IExporter> Exporters => [];

    public IEnumerable<IAnalyser> Analysers => [];

    public RunMode GetRunMode(BenchmarkCase benchmarkCase) => OperatingSystem.IsLinux() ? RunMode.NoOverhead : RunMode.None;

    public void Handle(HostSignal signal, DiagnoserActionParameters parameters)
    {
        switch (signal)
        {
            case HostSignal.BeforeAnythingElse:
                ProcessMemory.ReleaseFreed();
                ProcessMemory.ResetPeak();
                _before = ProcessMemory.Resident;
                break;
            case HostSignal.AfterActualRun:
                _peaks[parameters.BenchmarkCase] = ProcessMemory.Peak - _before;
                break;
        }
    }

    public IEnumerable<Metric> ProcessResults(DiagnoserResults results) =>
        _peaks.TryGetValue(results.BenchmarkCase, out var peak) ? [new Metric(Descriptor.Instance, peak)] : [];

    public void DisplayResults(ILogger logger)
    {
    }

    public IEnumerable<ValidationError> Validate(ValidationParameters validationParameters) => [];

    private sealed class Descriptor : IMetricDescriptor
    {
        public static readonly Descriptor Instance = new();

        public string Id => "NativePeak";

        public string DisplayName => "Native peak";

        public string Legend => "Peak of resident memory above what was resident before the benchmark's setup";

        public string NumberFormat => "N0";

        public UnitType UnitType => UnitType.Size;

        public string Unit => "B";

        public bool TheGreaterTheBetter => false;

        public int PriorityInCategory => 0;

        public bool GetIsAvailable(Metric metric) => true;
    }
}

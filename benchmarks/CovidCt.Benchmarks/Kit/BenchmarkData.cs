using CovidCt.Data;
using CovidCt.Phantoms;

namespace CovidCt.Benchmarks.Kit;

/// <summary>The images that benchmarks read: COVID19-CT where <c>COVIDCT_DATA</c> is set, else a phantom of its size.</summary>
internal sealed class BenchmarkData : IDisposable
{
    // 3.5 slices each: 742 images, where COVID19-CT has 746.
    private const int Patients = 212;

    private readonly Lazy<CtDataset> _dataset;
    private bool _isTemporary;

    public BenchmarkData(string folder)
    {
        Folder = folder;
        _dataset = new(() => CtDataset.Open(folder));
    }

    public string Folder { get; }

    public CtDataset Dataset => _dataset.Value;

    /// <summary>The files' full paths, of all samples or of some rows.</summary>
    public IEnumerable<string> Files(IEnumerable<int>? rows = null) =>
        (rows is null ? Dataset.Samples : rows.Select(row => Dataset.Samples[row])).Select(Dataset.FullPath);

    public static BenchmarkData Open(CancellationToken cancellationToken = default)
    {
        if (Environment.GetEnvironmentVariable("COVIDCT_DATA") is { Length: > 0 } data)
        {
            return new(Path.Combine(data, "covid19-ct"));
        }

        var folder = Directory.CreateTempSubdirectory("covidct-phantom-").FullName;
        PhantomDataset.Write(folder, new PhantomOptions { Patients = Patients }, cancellationToken);
        return new(folder) { _isTemporary = true };
    }

    public void Dispose()
    {
        if (_isTemporary)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}

using CovidCt.Benchmarks.Kit;

namespace CovidCt.Benchmarks.Suites;

/// <summary>A network and the images of a batch.</summary>
public sealed record NetworkBatch(string Network, int Images)
{
    /// <summary>Each network with one image, and with 32, or 8 above 5 GMAC an image; on a card with 32 and with 128.</summary>
    public static IEnumerable<NetworkBatch> All => BenchmarkedNetwork.All.SelectMany(network => Card.IsThere
        ? new NetworkBatch[] { new(network.Name, 32), new(network.Name, 128) }
        : [new(network.Name, 1), new(network.Name, network.Batch)]);

    internal BenchmarkedNetwork Find() => BenchmarkedNetwork.Named(Network);

    public override string ToString() => $"{Network} x{Images}";
}

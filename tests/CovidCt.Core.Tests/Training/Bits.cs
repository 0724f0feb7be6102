using System.Security.Cryptography;
using CovidCt.Models;
using CovidCt.Records;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Training;

/// <summary>Networks and histories in a form that is equal exactly where their bits are.</summary>
internal static class Bits
{
    /// <summary>A hash of each entry of a network's state_dict, buffers included.</summary>
    public static IReadOnlyDictionary<string, string> Of(IBackbone backbone)
    {
        using var scope = NewDisposeScope();
        return backbone.Network.state_dict().ToDictionary(
            entry => entry.Key, entry => Convert.ToHexString(SHA256.HashData(entry.Value.detach().cpu().contiguous().bytes)));
    }

    /// <summary>A history without its wall-clock times.</summary>
    public static IReadOnlyList<EpochRecord> Of(IEnumerable<EpochRecord> history) => [.. history.Select(epoch => epoch with { Seconds = 0 })];
}
